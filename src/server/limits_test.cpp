// Limits by address, over a real socket.
#include "server/server_fixture.h"
#include "support/raw_websocket.h"

namespace piste::server {
namespace {

using test::HttpClient;
using test::WebSocketClient;
namespace http = test::http;

class LimitsTest : public ServerTest {};

TEST_F(LimitsTest, TooManyConnectionsOfAnAddressAreAnsweredWith429) {
  options.max_connections_per_address = 2;
  WebSocketClient one(port());
  HttpClient two(port());
  EXPECT_EQ(two.get("/health").result(), http::status::ok);
  HttpClient three(port());
  const auto refused = three.get("/health");
  EXPECT_EQ(refused.result(), http::status::too_many_requests);
  EXPECT_EQ(refused["Retry-After"], "10");
  EXPECT_TRUE(three.closed());
  EXPECT_THROW(WebSocketClient{port()}, boost::system::system_error);
  two.close();
  until([&] {
    try {
      return HttpClient(port()).get("/health").result() == http::status::ok;
    } catch (const boost::system::system_error&) {
      return false;  // those that were refused are still being counted
    }
  });
}

TEST_F(LimitsTest, FarBeyondTheLimitTheyAreCutOffUnheard) {
  options.max_connections_per_address = 1;
  HttpClient one(port());
  HttpClient two(port());
  one.get("/health");
  EXPECT_TRUE(HttpClient(port()).closed());
  EXPECT_EQ(one.get("/health").result(), http::status::ok);
}

TEST_F(LimitsTest, BehindATrustedProxyItsClientsAreCounted) {
  options.max_connections_per_address = 1;
  options.trusted_proxies = "127.0.0.1";
  const auto ask = [&](const char* client) {
    return HttpClient(port()).send(http::verb::get, "/health", "", {{"X-Forwarded-For", client}}).result();
  };
  HttpClient one(port());
  HttpClient two(port());
  HttpClient three(port());
  for (auto* client : {&one, &two, &three}) EXPECT_EQ(client->get("/health").result(), http::status::ok);
  EXPECT_EQ(ask("198.51.100.7"), http::status::ok);
  EXPECT_EQ(ask("198.51.100.8"), http::status::ok);
}

TEST_F(LimitsTest, SessionsPerHourAreToldWhenToComeBack) {
  limits.sessions_per_hour = 2;
  {
    WebSocketClient client(port());
    EXPECT_EQ(client.start("one", 640, 480).at("type"), "session_started");
  }
  const std::vector<test::FormPart> form{{"video", "v", "v.avi"}, {"signal", "Phrase 1"}};
  EXPECT_EQ(test::post_form(port(), "/analyze", form).result(), http::status::ok);
  const auto refused = test::post_form(port(), "/analyze", form);
  EXPECT_EQ(refused.result(), http::status::too_many_requests);
  EXPECT_GT(std::stoi(refused["Retry-After"]), 3500);
  WebSocketClient client(port());
  EXPECT_GT(client.start("two", 640, 480).at("retry_after").as_int64(), 3500);
}

TEST_F(LimitsTest, AMessageThatDoesNotEndEndsTheConnection) {
  options.ping_interval = std::chrono::milliseconds(10);
  options.message_timeout = std::chrono::milliseconds(50);
  test::RawWebSocket client(port());
  client.send({.fin = false, .payload = "{"});
  EXPECT_EQ(client.close_code(), 1008u);
}

TEST_F(LimitsTest, AConnectionWithoutASessionIsNotKeptForEver) {
  options.ping_interval = std::chrono::milliseconds(10);
  limits.idle_timeout = std::chrono::seconds(1);
  WebSocketClient client(port());  // answers pings while it waits
  EXPECT_EQ(client.wait_close(), 1001);
}

}  // namespace
}  // namespace piste::server
