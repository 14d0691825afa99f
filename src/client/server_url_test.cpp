#include "client/server_url.h"

#include <gtest/gtest.h>

namespace piste::client {
namespace {

TEST(ServerUrl, ReadsTheGuidesForm) {
  const auto url = parse_server_url("http://your-server:8080");
  ASSERT_TRUE(url);
  EXPECT_FALSE(url->tls);
  EXPECT_EQ(url->host, "your-server");
  EXPECT_EQ(url->port, "8080");
  EXPECT_EQ(url->target("/stream"), "/stream");
  EXPECT_EQ(url->host_header(), "your-server:8080");
  EXPECT_EQ(url->shown("/stream"), "ws://your-server:8080/stream");
  EXPECT_EQ(url->shown("/health"), "http://your-server:8080/health");
}

TEST(ServerUrl, SchemesChooseTlsAndPort) {
  struct Case {
    const char* text;
    bool tls;
    const char* port;
  };
  for (const Case& c : {Case{"http://a", false, "80"},
                        {"ws://a", false, "80"},
                        {"https://a", true, "443"},
                        {"wss://a:9", true, "9"},
                        {"HTTPS://a", true, "443"},
                        {"Ws://a:8080/stream", false, "8080"},
                        {"a:8080", false, "8080"},
                        {"a", false, "80"}}) {
    const auto url = parse_server_url(c.text);
    ASSERT_TRUE(url) << c.text;
    EXPECT_EQ(url->tls, c.tls) << c.text;
    EXPECT_EQ(url->port, c.port) << c.text;
    EXPECT_EQ(url->host, "a") << c.text;
  }
}

TEST(ServerUrl, KeepsPrefixAndQuery) {
  const auto url = parse_server_url("https://club.example/piste-1/?token=abc");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->target("/streaming/stats"), "/piste-1/streaming/stats?token=abc");
  EXPECT_EQ(url->host_header(), "club.example");
  EXPECT_EQ(url->shown("/stream"), "wss://club.example/piste-1/stream");  // the token is nobody's to read
}

TEST(ServerUrl, TheGuidesWebSocketIsAServerToo) {
  for (const char* text : {"wss://a/club/stream", "wss://a/club/stream/", "https://a/club//stream//"}) {
    const auto url = parse_server_url(text);
    ASSERT_TRUE(url) << text;
    EXPECT_EQ(url->target("/stream"), "/club/stream") << text;
    EXPECT_EQ(url->target("/health"), "/club/health") << text;
  }
  EXPECT_EQ(parse_server_url("https://a/livestream")->prefix, "/livestream");
}

TEST(ServerUrl, Ipv6InBrackets) {
  const auto url = parse_server_url("ws://[::1]:9000/x");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->port, "9000");
  EXPECT_EQ(url->host_header(), "[::1]:9000");
}

TEST(ServerUrl, UserAndPasswordBecomeBasicAuthorization) {
  const auto url = parse_server_url("http://club:s%20x@a");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->authorization, "Basic Y2x1YjpzIHg=");  // club:s x
  EXPECT_EQ(url->shown("/health").find("s%20x"), std::string::npos);
}

TEST(ServerUrl, ARefusalShowsNoPassword) {
  for (const char* text :
       {"http://club:piste_secret@a:99999", "ftp://club:piste_secret@a", "club:piste_secret@a:x",
        "http://piste_secret@a b", "http://a:x?token=piste_secret"}) {
    const auto url = parse_server_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().message.find("piste_secret"), std::string::npos) << url.error().message;
  }
}

TEST(ServerUrl, RefusesWhatIsNoServer) {
  for (const char* text : {"", "ftp://a", "http://", "http://a:99999", "http://a:x", "http://a b",
                           "http://a%0d%0ab/", "http://[::1", "://"}) {
    const auto url = parse_server_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, ErrorCode::usage);
    EXPECT_NE(url.error().message.find("http://referee.example:8080"), std::string::npos);
  }
}

}  // namespace
}  // namespace piste::client
