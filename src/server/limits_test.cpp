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
  options.header_timeout = std::chrono::minutes(10);  // who is heard is kept longer than the test waits
  HttpClient one(port());
  HttpClient two(port());
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
  options.ping_interval = std::chrono::milliseconds(100);
  limits.idle_timeout = std::chrono::seconds(1);
  WebSocketClient client(port());  // answers pings while it waits
  EXPECT_EQ(client.wait_close(), 1001);
}

// ---------------------------------------------------------------- bytes that nobody asked for

// The beginning of a message that would have `length` bytes.
void begin_binary(test::RawWebSocket& client, std::uint64_t length, std::string payload) {
  client.send(test::bytes_of({.opcode = test::Opcode::binary, .payload = std::move(payload)},
                             {.length_bits = 64, .claimed_length = length}));
}

TEST_F(LimitsTest, ABinaryMessageThatIsNotDueIsRefusedAtItsBeginning) {
  test::RawWebSocket client(port());
  begin_binary(client, 60 << 20, "x");
  const auto told = client.receive();
  ASSERT_TRUE(told);
  EXPECT_THAT(told->payload, testing::HasSubstr("PROTOCOL_ERROR"));
  EXPECT_EQ(client.close_code(), 1008u);
}

TEST_F(LimitsTest, NorAreTheBytesOfARefusedFrameKept) {
  limits.max_message_bytes = limits.max_frame_bytes = 1 << 20;
  WebSocketClient client(port());
  client.start("s", 640, 480);
  client.send_text(R"({"type":"frame","frame_number":0,"encoding":"h264"})");  // was not announced
  EXPECT_EQ(client.receive().at("type"), "error");
  client.send_bytes(std::string(1 << 20, 'x'));
  EXPECT_EQ(client.frame(0, "picture").at("status"), "received");
}

TEST_F(LimitsTest, MessagesThatComeInShareTheirMemory) {
  limits.max_frame_bytes = 1 << 20;
  limits.max_message_bytes = 1;  // the least that serves one client: four frames for all, three for one
  std::vector<std::unique_ptr<test::RawWebSocket>> clients;
  for (int i = 0; i < 3; ++i) {
    auto& client = *clients.emplace_back(std::make_unique<test::RawWebSocket>(port()));
    client.send({.payload = R"({"type":"session_start","session_id":")" + std::to_string(i) +
                            R"(","fps":30,"width":640,"height":480})"});
    EXPECT_THAT(client.receive()->payload, testing::HasSubstr("session_started"));
    client.send({.payload = R"({"type":"frame","frame_number":0,"encoding":"jpeg"})"});
    begin_binary(client, 1 << 20, std::string(1'000'000, 'x'));
  }
  until([&] { return registry->held(session::Holding::message_bytes) > 3'000'000; });
  WebSocketClient fourth(port());
  fourth.start("fourth", 640, 480);
  const auto refused = fourth.frame(0, std::string(1'000'000, 'x'));
  EXPECT_EQ(refused.at("error_code"), "FRAME_PROCESSING_FAILED");
  EXPECT_GT(refused.at("retry_after").as_int64(), 0);
  EXPECT_EQ(refused.at("recoverable"), true);
  clients.clear();
  until([&] { return registry->held(session::Holding::message_bytes) < 1'000'000; });
  EXPECT_EQ(fourth.frame(0, std::string(1'000'000, 'x')).at("status"), "received")
      << "when there is room again";
}

TEST_F(LimitsTest, WhatAFrameTakesIsNoMessageOnItsWayAnyMore) {
  options.ping_interval = std::chrono::hours(1);  // a connection that is silent lets go of it all
  WebSocketClient client(port());
  client.start("s", 640, 480);
  EXPECT_EQ(client.frame(0, std::string(500'000, 'x')).at("status"), "received");
  const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  until([&] {
    return registry->held(session::Holding::message_bytes) == 0 || std::chrono::steady_clock::now() > soon;
  });
  EXPECT_EQ(registry->held(session::Holding::message_bytes), 0u);
}

// ---------------------------------------------------------------- seats

TEST_F(LimitsTest, AnAddressMayHaveAShareOfTheSeats) {
  limits.max_sessions_per_address = 1;
  options.trusted_proxies = "127.0.0.1";
  WebSocketClient one(port());
  EXPECT_EQ(one.start("one", 640, 480).at("type"), "session_started");
  WebSocketClient two(port());
  const auto refused = two.start("two", 640, 480);
  EXPECT_EQ(refused.at("error_message"), "Maximum concurrent sessions of your address reached (1)");
  EXPECT_GT(refused.at("retry_after").as_int64(), 0);
}
}  // namespace
}  // namespace piste::server
