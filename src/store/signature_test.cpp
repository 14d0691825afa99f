#include "store/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "support/temp_dir.h"

namespace piste::store {
namespace {

using testing::HasSubstr;
using testing::Not;

// 2013-05-24 00:00:00 UTC.
const auto documented_time = std::chrono::system_clock::from_time_t(1'369'353'600);

Place documented() {
  return {.tls = false,
          .host = "examplebucket.s3.amazonaws.com",
          .port = "80",
          .path = "",
          .region = "us-east-1",
          .access_key = "AKIAIOSFODNN7EXAMPLE",
          .secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
          .session_token = ""};
}

std::string authorization(const Place& place, const Request& request) {
  for (const auto& [name, value] : signature_of(place, request, documented_time))
    if (name == "Authorization") return value;
  return "";
}

// The examples of "Signature Calculations for the Authorization Header" in the documentation of Amazon S3.
TEST(Signature, IsThatOfTheDocumentation) {
  Request lifecycle{.query = {{"lifecycle", ""}}};
  EXPECT_EQ(authorization(documented(), lifecycle),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;x-amz-content-sha256;x-amz-date, "
            "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  Request list{.query = {{"prefix", "J"}, {"max-keys", "2"}}};
  EXPECT_THAT(authorization(documented(), list),
              HasSubstr("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

TEST(Signature, OfTemporaryKeysHasTheirToken) {
  Place place = documented();
  place.session_token = "token";
  EXPECT_THAT(authorization(place, {}), HasSubstr(";x-amz-security-token,"));
}

TEST(Signature, LeavesTheBodyToTLS) {
  Place place = documented();
  place.tls = true;
  const auto payload = [](const Place& at) {
    const auto fields = signature_of(at, {.body = "body"}, documented_time);
    return std::map<std::string, std::string>(fields.begin(), fields.end())["x-amz-content-sha256"];
  };
  EXPECT_EQ(payload(place), "UNSIGNED-PAYLOAD");
  EXPECT_EQ(payload(documented()), sha256("body"));
}

TEST(Target, IsEncodedAndItsQueryInOrder) {
  Place place = documented();
  place.path = "/a bucket";
  EXPECT_EQ(
      target_of(place, {.key = "/x+y%/\xc3\xbc~", .query = {{"uploadId", "a+/="}, {"partNumber", "1"}}}),
      "/a%20bucket/x%2By%25/%C3%BC~?partNumber=1&uploadId=a%2B%2F%3D");
}

class ReadPlace : public testing::Test {
 protected:
  Result<Place> read(const std::string& url, const std::string& text) const {
    std::ofstream(folder_.path() / "keys") << text;
    return read_place(url, "eu-central-1", folder_.path() / "keys");
  }
  const std::string keys_ =
      "[default]\naws_access_key_id = AKIA\naws_secret_access_key=s3cr+t/=\r\n[other]\naws_access_key_id = "
      "B\n";
  const test::TempDir folder_;
};

TEST_F(ReadPlace, TakesURLAndKeys) {
  const auto place = read("https://s3.example:9000/bucket/pistes%20of%20ours/", keys_);
  ASSERT_TRUE(place) << place.error().message;
  EXPECT_TRUE(place->tls);
  EXPECT_EQ(place->host_field(), "s3.example:9000");
  EXPECT_EQ(place->path, "/bucket/pistes of ours");
  EXPECT_EQ(place->region, "eu-central-1");
  EXPECT_EQ(place->access_key, "AKIA");
  EXPECT_EQ(place->secret_key, "s3cr+t/=");
  EXPECT_EQ(place->session_token, "");
  EXPECT_EQ(read("http://[::1]/b", keys_)->host_field(), "[::1]");
}

TEST_F(ReadPlace, RefusesWhatIsNoneAndTellsNoKeys) {
  for (const char* url :
       {"", "s3.example/bucket", "ftp://s3.example/b", "https:///b", "https://AKIA:s3cr@s3.example/b",
        "https://s3.example/b?x=1", "https://s3.example:0/b"}) {
    const auto place = read(url, keys_);
    ASSERT_FALSE(place) << url;
    EXPECT_THAT(place.error().message, Not(HasSubstr("s3cr"))) << url;
  }
  EXPECT_FALSE(read("https://s3.example/b", "aws_access_key_id = A\n"));
  EXPECT_FALSE(read("https://s3.example/b",
                    "aws_access_key_id = A\naws_secret_access_key = a\x01"
                    "b\n"));
  EXPECT_FALSE(read_place("https://s3.example/b", "us-east-1", folder_.path() / "none"));
}

}  // namespace
}  // namespace piste::store
