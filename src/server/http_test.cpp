// The routes without a body, and HTTP's own rules, over a real socket.
#include <regex>

#include "server/server_fixture.h"
#include "site/files.h"

namespace piste::server {
namespace {

using test::body_of;
using test::HttpClient;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
namespace http = test::http;

class HttpTest : public ServerTest {};

TEST_F(HttpTest, HealthSaysWhatRuns) {
  const auto response = HttpClient(port()).get("/health");
  EXPECT_EQ(response.result(), http::status::ok);
  EXPECT_EQ(response["Content-Type"], "application/json");
  const auto body = body_of(response);
  EXPECT_EQ(body.at("status"), "ok") << "start scripts look for it";
  EXPECT_EQ(body.at("model_loaded"), true) << "the predecessor's";
  EXPECT_EQ(body.at("model_path"), "movenet-multipose");
  EXPECT_EQ(body.at("version"), "1.2.3");
  EXPECT_EQ(body.at("active_sessions"), 0);
  EXPECT_EQ(body.at("models").at("detector"), "movenet-multipose");
  EXPECT_GE(body.at("uptime_seconds").as_double(), 0);
}

TEST_F(HttpTest, EveryAnswerHasADate) {
  HttpClient client(port());
  for (const auto* path : {"/health", "/", "/nowhere", "/stream"}) {
    const std::string date(client.get(path)["Date"]);
    EXPECT_TRUE(std::regex_match(
        date, std::regex("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT")))
        << path << ": " << date;
  }
}

TEST_F(HttpTest, HeadersThatContradictOneAnotherGet400) {
  const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  const std::string upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
  for (const auto& [target, fields] : std::vector<std::pair<std::string, std::string>>{
           {"/health", "Host: a\r\nHost: a\r\n"},
           {"/health", "Host: a\r\nHost: b\r\n"},
           {"/streaming/stats", "Host: a b\r\n"},
           {"/streaming/stats", "Host: a, b\r\n"},
           {"/streaming/stats", "Host: http://a/\r\n"},
           {"/streaming/stats", "Host: a\r\nAuthorization: Bearer x\r\nAuthorization: Bearer y\r\n"},
           {"/stream", "Host: a\r\nHost: a\r\n" + key + upgrade},
           {"/stream", "Host: a\r\n" + key + key + upgrade},
           {"/stream", "Host: a\r\n" + upgrade},
           {"/stream", "Host: a\r\nSec-WebSocket-Key: \r\n" + upgrade},
           {"/stream", "Host: a\r\nSec-WebSocket-Key: short\r\n" + upgrade},
           {"/stream", "Host: a\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ\r\n" + upgrade},
           {"/stream", "Host: a\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSE=\r\n" + upgrade}}) {
    HttpClient client(port());
    client.send_raw("GET " + target + " HTTP/1.1\r\n" + fields + "\r\n");
    const auto answer = client.receive();
    EXPECT_EQ(answer.result(), http::status::bad_request) << fields;
    EXPECT_NE(answer["Date"], "") << fields;
  }
}

TEST_F(HttpTest, RootSaysWhatThisIsToPeopleAndPrograms) {
  HttpClient client(port());
  EXPECT_EQ(body_of(client.get("/")).at("version"), "1.2.3");
  const auto page = client.send(http::verb::get, "/", "", {{"Accept", "text/html,*/*"}});
  EXPECT_THAT(std::string(page["Content-Type"]), StartsWith("text/html"));
  // Where the program was built without the page, a plain one says where to go.
  EXPECT_THAT(page.body(), site::find("/index.html") ? HasSubstr("main-") : HasSubstr("/streaming/stats"));
}

// The page's film screen leads there where the browser gives it no camera.
TEST_F(HttpTest, WithoutACertificateABrowserIsToldHowAPhoneComesToFilm) {
  HttpClient client(port());
  const auto page =
      client.send(http::verb::get, "/trust", "", {{"Accept", "text/html"}, {"Host", "10.0.0.7:8443"}});
  EXPECT_EQ(page.result(), http::status::not_found);
  for (const char* part : {"./dev tls", "adb reverse tcp:8443", "http://localhost:8443<"})
    EXPECT_THAT(page.body(), HasSubstr(part));
  const auto odd = client.send(http::verb::get, "/trust", "", {{"Accept", "text/html"}, {"Host", "a:<b>"}});
  EXPECT_THAT(odd.body(), Not(HasSubstr("<b>")));
  EXPECT_THAT(std::string(body_of(client.get("/trust")).at("error").as_string()),
              HasSubstr("nothing to trust"));
}

TEST_F(HttpTest, StatsHaveTheGuidesFields) {
  const auto stats = body_of(HttpClient(port()).get("/streaming/stats?x=1"));
  EXPECT_EQ(stats.at("active_sessions"), 0);
  EXPECT_EQ(stats.at("max_sessions"), 10);
  EXPECT_TRUE(stats.at("sessions").as_object().empty());
}

TEST_F(HttpTest, HeadHasNoBody) {
  HttpClient client(port());
  const auto head = client.send(http::verb::head, "/streaming/stats");
  EXPECT_EQ(head.result(), http::status::ok);
  EXPECT_NE(head["Content-Length"], "0");
  EXPECT_EQ(client.get("/health").result(), http::status::ok);  // nothing was left in between
}

TEST_F(HttpTest, OneConnectionServesManyRequests) {
  HttpClient client(port());
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(client.get("/health").keep_alive());
  EXPECT_FALSE(client.send(http::verb::get, "/health", "", {{"Connection", "close"}}).keep_alive());
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpTest, PipelinedRequestsAreAnsweredInOrder) {
  HttpClient client(port());
  client.send_raw(
      "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.receive().result(), http::status::ok);
  EXPECT_EQ(client.receive().result(), http::status::not_found);
}

TEST_F(HttpTest, ErrorsAreJsonWithADetail) {
  const auto response = HttpClient(port()).get("/nowhere");
  EXPECT_EQ(response.result(), http::status::not_found);
  const auto body = body_of(response);
  EXPECT_EQ(body.at("status"), "error");
  EXPECT_EQ(body.at("detail"), body.at("error"));
}

TEST_F(HttpTest, PathsAreExact) {
  for (const auto* path :
       {"/stream/", "/streaming", "/Health", "/health/", "//", "/../health", "/analyze/x"}) {
    EXPECT_EQ(HttpClient(port()).get(path).result(), http::status::not_found) << path;
  }
}

TEST_F(HttpTest, WrongMethodsAreToldTheRightOnes) {
  HttpClient client(port());
  const auto post = client.send(http::verb::post, "/health");
  EXPECT_EQ(post.result(), http::status::method_not_allowed);
  EXPECT_EQ(post["Allow"], "GET, HEAD");
  const auto get = client.get("/analyze");
  EXPECT_EQ(get.result(), http::status::method_not_allowed);
  EXPECT_EQ(get["Allow"], "POST");
}

TEST_F(HttpTest, StreamWithoutUpgradeSaysHowToConnect) {
  const auto response = HttpClient(port()).get("/stream");
  EXPECT_EQ(response.result(), http::status::upgrade_required);
  EXPECT_EQ(response["Upgrade"], "websocket");
}

TEST_F(HttpTest, MalformedRequestsGet400) {
  for (const auto* bytes :
       {"NONSENSE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET  / HTTP/1.1\r\nHost x\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"}) {
    HttpClient client(port());
    client.send_raw(bytes);
    EXPECT_EQ(client.receive().result(), http::status::bad_request) << bytes;
    EXPECT_TRUE(client.closed());
  }
}

TEST_F(HttpTest, ATargetThatIsNoUrlGets400) {
  for (const auto* target : {"http://", "nonsense", "/%zz", "*"}) {
    EXPECT_EQ(HttpClient(port()).get(target).result(), http::status::bad_request) << target;
  }
}

TEST_F(HttpTest, EndlessHeadersGet431) {
  HttpClient client(port());
  client.send_raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(20'000, 'x'));
  EXPECT_EQ(client.receive().result(), http::status::request_header_fields_too_large);
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpTest, AnUnexpectedBodyIsNotTakenForARequest) {
  HttpClient client(port());
  client.send_raw("GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nGET /");
  EXPECT_EQ(client.receive().result(), http::status::ok);
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpTest, SlowHeadersAreCutOff) {
  options.header_timeout = std::chrono::milliseconds(100);
  HttpClient client(port());
  client.send_raw("GET / HT");
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpTest, IdleConnectionsAreClosed) {
  options.keep_alive_timeout = std::chrono::milliseconds(100);
  HttpClient client(port());
  client.get("/health");
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpTest, ConnectionsOverTheLimitAreRefused) {
  options.max_connections = 2;
  HttpClient one(port());
  HttpClient two(port());
  one.get("/health");
  two.get("/health");
  EXPECT_TRUE(HttpClient(port()).closed());
  EXPECT_EQ(one.get("/health").result(), http::status::ok);
}

TEST_F(HttpTest, APortInUseIsAnError) {
  options.port = port();
  const auto second = Server::listen(options, *registry);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("Cannot listen on 127.0.0.1:" + std::to_string(port())));
}

}  // namespace
}  // namespace piste::server
