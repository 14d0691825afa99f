#include "server/static_files.h"

#include <fstream>

#include "server/server_fixture.h"

namespace piste::server {
namespace {

using test::HttpClient;
using testing::HasSubstr;
namespace http = test::http;

class StaticFilesTest : public ServerTest {
 protected:
  void SetUp() override {
    if (!site::find("/index.html")) GTEST_SKIP() << "built without the page (./dev build fetches esbuild)";
  }
  auto get(const std::string& path, const std::string& field = "Accept", const std::string& value = "*/*") {
    return HttpClient(port()).send(http::verb::get, path, "", {{field, value}});
  }
};

std::string script() {
  for (const site::File& file : site::files()) {
    if (file.path.starts_with("/assets/main-")) return std::string(file.path);
  }
  return {};
}

TEST_F(StaticFilesTest, ThePageNeedsNoTokenAndHoldsToItself) {
  options.tokens_file = folder.path() / "tokens";
  std::ofstream(options.tokens_file) << "";
  const auto page = get("/", "Accept", "text/html");
  EXPECT_EQ(page.result(), http::status::ok);
  EXPECT_EQ(page["Cache-Control"], "no-cache");
  EXPECT_THAT(std::string(page["Content-Security-Policy"]), HasSubstr("script-src 'self'"));
  EXPECT_EQ(get("/").result(), http::status::unauthorized) << "what is not the page";
}

TEST_F(StaticFilesTest, WhatHasItsHashInTheNameLasts) {
  const auto answer = get(script());
  EXPECT_EQ(answer["Content-Type"], "text/javascript; charset=utf-8");
  EXPECT_THAT(std::string(answer["Cache-Control"]), HasSubstr("immutable"));
  EXPECT_TRUE(answer.body() == site::find(script())->raw);
}

TEST_F(StaticFilesTest, TheSmallestThatIsUnderstoodIsSent) {
  const site::File& file = *site::find(script());
  const auto brotli = get(script(), "Accept-Encoding", "gzip, deflate, br");
  EXPECT_EQ(brotli["Content-Encoding"], "br");
  EXPECT_TRUE(brotli.body() == file.brotli);
  const auto gzip = get(script(), "Accept-Encoding", "br;q=0, gzip");
  EXPECT_EQ(gzip["Content-Encoding"], "gzip");
  EXPECT_TRUE(gzip.body() == file.gzip);
  EXPECT_NE(brotli["ETag"], gzip["ETag"]) << "other bytes, another version";
  EXPECT_LT(file.brotli.size(), file.gzip.size());
}

TEST_F(StaticFilesTest, WhoHasItAlreadyIsToldSo) {
  const std::string etag(get(script())["ETag"]);
  for (const std::string& known : {etag, "\"x\", " + etag, "W/" + etag, std::string("*")}) {
    const auto answer = get(script(), "If-None-Match", known);
    EXPECT_EQ(answer.result(), http::status::not_modified) << known;
    EXPECT_EQ(answer["ETag"], etag);
  }
  EXPECT_EQ(get(script(), "If-None-Match", "\"x\"").result(), http::status::ok);
}

TEST_F(StaticFilesTest, NoPathLeadsElsewhere) {
  for (const char* path : {"/assets/", "/assets/../index.html", "/assets/%2e%2e/index.html", "/index.html/",
                           "//index.html", "/assets/main-.js", "/assets/..%2f..%2fetc/passwd"}) {
    EXPECT_EQ(get(path).result(), http::status::not_found) << path;
  }
}

TEST_F(StaticFilesTest, ThereIsNothingToSendTo) {
  EXPECT_EQ(HttpClient(port()).send(http::verb::put, "/index.html", "x").result(),
            http::status::method_not_allowed);
}

TEST(BestCoding, FollowsTheWeights) {
  EXPECT_EQ(best_coding(""), Coding::identity);
  EXPECT_EQ(best_coding("gzip"), Coding::gzip);
  EXPECT_EQ(best_coding("br;q=0.1, gzip;q=0.9"), Coding::gzip);
  EXPECT_EQ(best_coding("br;q=0.0, gzip;q=0"), Coding::identity);
  EXPECT_EQ(best_coding("BR"), Coding::brotli);
  EXPECT_EQ(best_coding(",;=, br"), Coding::brotli);
}

}  // namespace
}  // namespace piste::server
