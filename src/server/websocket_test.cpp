// /stream over a real socket: what the transport adds to the conversation.
#include <malloc.h>

#include "server/server_fixture.h"

namespace piste::server {
namespace {

using test::WebSocketClient;

constexpr int policy = 1008;
constexpr int too_big = 1009;

class WebSocketTest : public ServerTest {};

TEST_F(WebSocketTest, AnswersTheGuidesPing) {
  WebSocketClient client(port());
  client.send_text(R"({"type": "ping"})");
  EXPECT_EQ(client.receive().at("type"), "pong");
}

TEST_F(WebSocketTest, CarriesAPhraseFromStartToResult) {
  WebSocketClient client(port());
  EXPECT_EQ(client.start("s", 640, 480).at("type"), "session_started");
  const std::string large(500'000, 'x');
  for (int i = 0; i < 12; ++i) EXPECT_EQ(client.frame(i, large).at("status"), "received");
  EXPECT_EQ(client.end(12).at("type"), "session_ended");
  EXPECT_EQ(client.signal("Phrase 1").at("type"), "signal_ack");
  EXPECT_EQ(client.receive().at("type"), "process_start");
  auto& phrase = engine.phrase();
  EXPECT_EQ(phrase.pushed.size(), 12u);
  const auto last = phrase.log.read(11);
  ASSERT_TRUE(last);
  EXPECT_TRUE(std::string(last->bytes->begin(), last->bytes->end()) == large);
  phrase.progress("decision", 1.0, R"({"winner":"left"})");
  phrase.complete(R"({"decision":{"winner":"left"}})");
  EXPECT_EQ(client.receive("process_progress").at("stage"), "decision");
  EXPECT_EQ(client.receive("process_complete").at("result").at("decision").at("winner"), "left");
  client.close();
}

TEST_F(WebSocketTest, AnswersFramesThatAreSentWithoutWaiting) {
  WebSocketClient client(port());
  client.start("s", 640, 480);
  for (int i = 0; i < 200; ++i) client.send_frame(i, "picture");
  for (int i = 0; i < 200; ++i) EXPECT_EQ(client.receive().at("frame_number"), i);
}

TEST_F(WebSocketTest, DeclinesCompression) {
  WebSocketClient client(port(), "/stream", true);
  EXPECT_FALSE(client.deflate_accepted());
  EXPECT_EQ(client.start("s", 640, 480).at("type"), "session_started");
}

TEST_F(WebSocketTest, OnlyStreamIsAWebSocket) {
  for (const auto* path : {"/stream/", "/", "/analyze", "/health"}) {
    EXPECT_THROW(WebSocketClient(port(), path), boost::system::system_error) << path;
  }
  WebSocketClient with_query(port(), "/stream?token=x");
  EXPECT_EQ(with_query.start("s", 640, 480).at("type"), "session_started");
}

TEST_F(WebSocketTest, BytesWhereTextIsDueEndTheSession) {
  WebSocketClient client(port());
  client.start("s", 640, 480);
  client.send_bytes("no metadata came before");
  EXPECT_EQ(client.receive().at("error_code"), "PROTOCOL_ERROR");
  EXPECT_EQ(client.wait_close(), policy);
  until([&] { return registry->active() == 0; });
}

TEST_F(WebSocketTest, TextWhereBytesAreDueEndsTheSession) {
  WebSocketClient client(port());
  client.start("s", 640, 480);
  client.send(
      {{"type", "frame"}, {"session_id", "s"}, {"frame_number", 0}, {"encoding", "jpeg"}, {"size", 7}});
  client.send_text("picture");
  const auto answer = client.receive();
  EXPECT_EQ(answer.at("type"), "error");
  EXPECT_EQ(client.wait_close(), policy);
  until([&] { return registry->active() == 0; });
}

TEST_F(WebSocketTest, AMessageOverTheLimitIsClosedWith1009) {
  limits.max_frame_bytes = 1 << 20;
  limits.max_signal_bytes = 1 << 20;
  WebSocketClient client(port());
  client.start("s", 640, 480);
  EXPECT_EQ(client.frame(0, std::string(1 << 20, 'x')).at("type"), "frame_ack");
  std::thread sender([&] {
    try {
      client.send_text(R"({"type":"frame","frame_number":1,"encoding":"jpeg"})");
      client.send_bytes(std::string(16 << 20, 'x'));
    } catch (const boost::system::system_error&) {  // the server need not take it all
    }
  });
  sender.join();
  EXPECT_EQ(client.wait_close(), too_big);
  EXPECT_EQ(WebSocketClient(port()).start("other", 640, 480).at("type"), "session_started");
}

TEST_F(WebSocketTest, ALongTextIsClosedWith1009) {
  WebSocketClient client(port());
  client.send_text("{\"type\":\"ping\",\"x\":\"" + std::string(100'000, 'x') + "\"}");
  EXPECT_EQ(client.wait_close(), too_big);
}

TEST_F(WebSocketTest, AClientThatVanishesFreesItsSession) {
  WebSocketClient client(port());
  client.start("s", 640, 480);
  EXPECT_EQ(registry->active(), 1u);
  client.vanish();
  until([&] { return registry->active() == 0; });
}

TEST_F(WebSocketTest, ASilentSessionTimesOut) {
  limits.idle_timeout = std::chrono::seconds(1);
  WebSocketClient client(port());
  client.start("s", 640, 480);
  EXPECT_THAT(std::string(client.receive("error").at("error_message").as_string()),
              testing::HasSubstr("Session timeout: no activity for"));
  EXPECT_GE(client.wait_close(), 1000);
  EXPECT_EQ(registry->active(), 0u);
}

TEST_F(WebSocketTest, PingsKeepAConnectionAliveWhileNothingIsSent) {
  options.ping_interval = std::chrono::milliseconds(20);
  auto client = processing();
  std::thread analysis([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));  // an analysis takes its time
    engine.phrase().complete("{}");
  });
  client->receive("process_complete");
  analysis.join();
  EXPECT_GE(client->pings(), 2);
}

std::size_t heap_in_use() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

// Most connections do most of the time.
TEST_F(WebSocketTest, AConnectionThatWaitsHoldsNoFrameSizedBuffer) {
  if (heap_in_use() == 0) GTEST_SKIP() << "a sanitizer's heap counts otherwise";
  constexpr std::size_t frame_bytes = 8 << 20;
  limits.max_memory_bytes = 1 << 20;  // the analysis keeps no frame
  options.ping_interval = std::chrono::milliseconds(20);
  const auto soon_below = [](std::size_t most) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (heap_in_use() > most && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
    return heap_in_use() <= most;
  };
  WebSocketClient client(port());
  client.start("s", 640, 480);
  const std::size_t most = heap_in_use() + frame_bytes / 2;
  const auto stream = [&](int first) {
    const std::string picture(frame_bytes, 'x');
    for (int i = first; i < first + 3; ++i) {
      EXPECT_EQ(client.frame(i, picture).at("status"), "received");
    }
  };
  stream(0);
  EXPECT_TRUE(soon_below(most)) << "a pause in mid-phrase";
  stream(3);
  client.end(6);
  EXPECT_TRUE(soon_below(most)) << "no log yet";
  client.signal("Phrase 1");
  EXPECT_TRUE(soon_below(most)) << "analysed";
  client.receive("process_start");
  engine.phrase().complete("{}");
  client.receive("process_complete");
  EXPECT_EQ(client.start("next", 640, 480).at("type"), "session_started");
  stream(0);
  client.send({{"type", "session_abort"}});
  EXPECT_TRUE(soon_below(most)) << "given up";
}

TEST_F(WebSocketTest, APeerThatDoesNotReadIsCutOff) {
  options.max_outbound_bytes = 100'000;
  auto client = processing();
  engine.phrase().complete("{\"filler\":\"" + std::string(64 << 20, 'x') +
                           "\"}");  // more than sockets buffer
  EXPECT_THROW(
      {
        for (int i = 0; i < 1'000'000; ++i) client->send_text(R"({"type": "ping"})");
      },
      boost::system::system_error);
  until([&] { return registry->active() == 0; });
  EXPECT_EQ(WebSocketClient(port()).start("other", 640, 480).at("type"), "session_started");
}

TEST_F(WebSocketTest, ConversationsDoNotDisturbOneAnother) {
  const auto open = port();
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([open, i] {
      WebSocketClient client(open);
      client.start("s" + std::to_string(i), 640, 480);
      for (int frame = 0; frame < 50; ++frame)
        EXPECT_EQ(client.frame(frame, "picture").at("frame_number"), frame);
      EXPECT_EQ(client.end(50).at("validation").at("frame_count"), 50);
    });
  }
  for (auto& client : clients) client.join();
}

}  // namespace
}  // namespace piste::server
