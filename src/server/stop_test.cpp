// The stop in two steps.
#include "server/server_fixture.h"

namespace piste::server {
namespace {

using test::body_of;
using test::HttpClient;
using test::WebSocketClient;
namespace http = test::http;

constexpr int restart = 1012;

class StopTest : public ServerTest {};

TEST_F(StopTest, WithNothingToDoItStopsAtOnce) {
  HttpClient idle(port());
  idle.get("/health");
  WebSocketClient connected(port());
  server->stop();
  EXPECT_EQ(connected.wait_close(), restart);
  EXPECT_TRUE(idle.closed());
  join();
}

TEST_F(StopTest, ARunningSessionGetsItsVerdict) {
  auto client = processing();
  WebSocketClient idle(port());
  server->stop();
  EXPECT_EQ(idle.wait_close(), restart);
  engine.phrase().complete(R"({"winner":"left"})");
  EXPECT_EQ(client->receive("process_complete").at("result").at("winner"), "left");
  EXPECT_EQ(client->wait_close(), restart);
  join();
}

TEST_F(StopTest, APhraseMayBeFinishedButNoneBegun) {
  WebSocketClient client(port());
  client.start("s", 640, 480);
  client.frame(0, "picture");
  HttpClient http(port());
  server->stop();
  const auto health = HttpClient(port()).get("/health");
  EXPECT_EQ(health.result(), http::status::service_unavailable);
  EXPECT_EQ(body_of(health).at("status"), "stopping");
  EXPECT_THROW(WebSocketClient{port()}, boost::system::system_error);
  EXPECT_EQ(test::post_form(port(), "/analyze", {{"video", "v", "v.avi"}, {"signal", "Phrase 1"}}).result(),
            http::status::service_unavailable);
  for (int i = 1; i < 12; ++i) EXPECT_EQ(client.frame(i, "picture").at("type"), "frame_ack");
  client.end(12);
  client.signal("Phrase 1");
  client.receive("process_start");
  engine.phrase().complete("{}");
  client.receive("process_complete");
  EXPECT_EQ(client.wait_close(), restart);
  join();
}

TEST_F(StopTest, AfterTheLimitSessionsAreCancelled) {
  options.stop_timeout = std::chrono::milliseconds(50);
  auto client = processing();
  server->stop();
  EXPECT_EQ(client->wait_close(), restart);
  join();
  EXPECT_EQ(registry->active(), 0u);
}

TEST_F(StopTest, ASecondRequestDoesNotWait) {
  options.stop_timeout = std::chrono::hours(1);
  auto client = processing();
  server->stop();
  server->stop();
  EXPECT_EQ(client->wait_close(), restart);
  join();
}

TEST_F(StopTest, AnUploadIsCancelledAndToldSo) {
  options.stop_timeout = std::chrono::milliseconds(50);
  engine.hold = true;
  const test::Form form({{"video", "v", "v.avi"}, {"signal", "Phrase 1"}});
  HttpClient client(port());
  client.send_raw("POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + form.content_type +
                  "\r\nContent-Length: " + std::to_string(form.body.size()) + "\r\n\r\n" + form.body);
  until([&] { return engine.running == 1; });
  server->stop();
  EXPECT_EQ(client.receive().result(), http::status::service_unavailable);
  join();
  EXPECT_TRUE(engine.was_cancelled);
}

TEST_F(StopTest, APeerThatDoesNotAnswerDoesNotHoldItUp) {
  options.close_timeout = std::chrono::milliseconds(100);
  WebSocketClient mute(port());  // never reads, so never answers the close
  server->stop();
  join();
}

TEST_F(StopTest, StoppingTwiceAndLateIsHarmless) {
  port();
  server->stop();
  join();
  server->stop();
}

}  // namespace
}  // namespace piste::server
