// Against a server that recomputes every signature by itself, over real sockets.
#include "store/bucket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "client/testing/certificate.h"
#include "store/place_for_test.h"
#include "store/signature.h"
#include "support/s3_server.h"
#include "support/temp_dir.h"

namespace piste::store {
namespace {

using test::S3Server;
using testing::HasSubstr;
using testing::Not;

constexpr std::size_t part = 64 << 10;
constexpr Bucket::Options quick{.part_bytes = part, .first_pause = std::chrono::milliseconds(5)};

// The server and the certificate that it has, which OpenSSL is told to trust.
struct Trusted {
  Trusted() { ::setenv("SSL_CERT_FILE", certificate.chain.c_str(), 1); }
  ~Trusted() { ::unsetenv("SSL_CERT_FILE"); }
  const test::TempDir folder;
  const client::testing::Certificate certificate{folder.path(), "127.0.0.1"};
};

class BucketTest : public testing::Test {
 protected:
  Place place() const {
    return {.tls = true,
            .host = "127.0.0.1",
            .port = std::to_string(server_.port()),
            .path = "/bucket",
            .region = "us-east-1",
            .access_key = S3Server::access_key,
            .secret_key = S3Server::secret_key,
            .session_token = ""};
  }
  std::filesystem::path file(const std::string& content) const {
    std::ofstream(folder_.path() / "file", std::ios::binary) << content;
    return folder_.path() / "file";
  }
  static std::string some_bytes(std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += static_cast<char>(i * i % 251);
    return out;
  }
  std::string digest_of(const std::string& key) const {
    return std::string(server_.objects().at("/bucket" + key).at("sha256").as_string());
  }

  const Trusted trusted_;
  S3Server server_{trusted_.certificate.chain, trusted_.certificate.key};
  const test::TempDir folder_;
};

TEST_F(BucketTest, KeepsWhatHasAnyName) {
  const Bucket bucket(place());
  for (const std::string key : {"/plain.txt", "/a b/c+d%2Fe", "/\xc3\xbc~'()*!$&,;=@:#?.txt", "/x//y/../z"}) {
    const auto put = bucket.put(key, "of " + key, "text/plain");
    ASSERT_TRUE(put) << key << ": " << put.error().message;
    const auto got = bucket.get(key);
    ASSERT_TRUE(got) << key;
    EXPECT_EQ(*got, "of " + key);
    EXPECT_TRUE(bucket.remove(key));
    EXPECT_EQ(bucket.get(key).error().code, ErrorCode::missing);
    EXPECT_TRUE(bucket.remove(key)) << "again";
  }
}

TEST_F(BucketTest, SendsALargeFileInParts) {
  const Bucket bucket(place(), quick);
  for (const std::size_t size : {std::size_t{0}, part, part + 1, 3 * part, 3 * part + 17}) {
    const std::string content = some_bytes(size);
    const auto put = bucket.put_file("/file.mkv", file(content), "video/x-matroska");
    ASSERT_TRUE(put) << put.error().message;
    EXPECT_EQ(digest_of("/file.mkv"), sha256(content)) << size;
    EXPECT_EQ(server_.objects().at("/bucket/file.mkv").at("type"), "video/x-matroska");
  }
  EXPECT_EQ(server_.uploads(), 0);
  EXPECT_EQ(bucket.put_file("/none", folder_.path() / "none", "").error().code, ErrorCode::io);
}

TEST_F(BucketTest, GivesPiecesOfWhatWasLookedAt) {
  const Bucket bucket(place());
  ASSERT_TRUE(bucket.put("/file", "0123456789", ""));
  const auto object = bucket.look("/file");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->size, 10u);
  EXPECT_EQ(*bucket.read("/file", *object, 3, 4), "3456");
  ASSERT_TRUE(bucket.put("/file", "abcdefghij", ""));
  EXPECT_FALSE(bucket.read("/file", *object, 3, 4)) << "it is another one now";
  EXPECT_EQ(bucket.look("/none").error().code, ErrorCode::missing);
}

TEST_F(BucketTest, WrongKeysAreRefusedAtOnceAndNotTold) {
  for (const bool access : {true, false}) {
    Place wrong = place();
    (access ? wrong.access_key : wrong.secret_key) += "x";
    const auto before = server_.asked().size();
    const auto put = Bucket(wrong).put("/file", "content", "");
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, ErrorCode::refused);
    EXPECT_THAT(put.error().message, HasSubstr(access ? "InvalidAccessKeyId" : "SignatureDoesNotMatch"));
    EXPECT_THAT(put.error().message, Not(HasSubstr(S3Server::access_key)));
    EXPECT_THAT(put.error().message, Not(HasSubstr(S3Server::secret_key)));
    EXPECT_EQ(server_.asked().size(), before + 1);
  }
  EXPECT_TRUE(server_.objects().empty());
}

TEST_F(BucketTest, AWrongClockIsPutRightByTheServers) {
  const Bucket bucket(place());
  for (const int ahead : {3600, -3600}) {
    server_.set_clock_ahead(ahead);
    const auto put = bucket.put("/file", "content", "");
    EXPECT_TRUE(put) << put.error().message;
    EXPECT_TRUE(bucket.get("/file"));
  }
  EXPECT_EQ(server_.asked().size(), 6u) << "once each it is refused, and then no more";
}

TEST_F(BucketTest, WhatIsCutIsSentAgain) {
  const Bucket bucket(place(), quick);
  const std::string content = some_bytes(2 * part + 5);
  for (const std::string how : {"cut", "lost", "503"}) {
    server_.fail(how, 2, "PUT");
    const auto put = bucket.put_file("/" + how, file(content), "");
    ASSERT_TRUE(put) << how << ": " << put.error().message;
    EXPECT_EQ(digest_of("/" + how), sha256(content)) << how;
  }
  server_.fail("cut", 1, "GET");
  EXPECT_EQ(bucket.get("/cut").value(), content);
}

TEST_F(BucketTest, WhatFailsTimeAndAgainIsGivenUp) {
  const Bucket bucket(place(), quick);
  server_.fail("503", 4, "PUT");
  const auto put = bucket.put_file("/file", file(some_bytes(2 * part)), "");
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::unreachable);
  EXPECT_THAT(put.error().message, HasSubstr("503 SlowDown"));
  EXPECT_EQ(server_.uploads(), 0) << "its parts are given up";
}

TEST_F(BucketTest, AnUploadThatTurnsOutBadWhileItIsAnsweredIsNotTakenForGood) {
  const Bucket bucket(place(), quick);
  const std::string content = some_bytes(2 * part);
  server_.fail("late", 4, "POST");
  EXPECT_FALSE(bucket.put_file("/file", file(content), ""));
  EXPECT_FALSE(server_.has("/bucket/file"));
  server_.be_well();
  EXPECT_TRUE(bucket.put_file("/file", file(content), ""));
  EXPECT_EQ(digest_of("/file"), sha256(content));
}

TEST_F(BucketTest, AStrangersCertificateIsNotTrusted) {
  ::unsetenv("SSL_CERT_FILE");
  const auto put = Bucket(place()).put("/file", "content", "");
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::refused);
  EXPECT_TRUE(server_.asked().empty());
}

TEST_F(BucketTest, AStopIsNotWaitedFor) {
  server_.fail("silent", 1);
  std::stop_source source;
  const Bucket bucket(place());
  const auto begun = std::chrono::steady_clock::now();
  std::thread stopping([&] {
    while (server_.asked().empty()) std::this_thread::yield();
    source.request_stop();
  });
  EXPECT_FALSE(bucket.put("/file", "content", "", source.get_token()));
  stopping.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
}

TEST(PlainBucket, SignsWhatIsInIt) {
  S3Server server;
  const Bucket bucket(place_of(server));
  ASSERT_TRUE(bucket.put("/file", "content", ""));
  EXPECT_EQ(*bucket.get("/file"), "content");
}

}  // namespace
}  // namespace piste::store
