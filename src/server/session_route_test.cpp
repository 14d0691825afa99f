// GET /sessions/{id} and /sessions/{id}/result.
#include <atomic>
#include <boost/json/parse.hpp>
#include <future>
#include <thread>

#include "server/server_fixture.h"

namespace piste::server {
namespace {

using test::body_of;
using test::HttpClient;
namespace http = test::http;

class SessionRoute : public ServerTest {};

TEST_F(SessionRoute, FromTheFirstFrameToTheResult) {
  HttpClient http(port());
  EXPECT_EQ(http.get("/sessions/s").result(), http::status::not_found);
  EXPECT_EQ(http.get("/sessions/s/result").result(), http::status::not_found);
  test::WebSocketClient client(port());
  client.start("s", 640, 480);
  client.frame(0, "picture");
  EXPECT_EQ(body_of(http.get("/sessions/s")).at("state"), "RECEIVING_FRAMES");
  EXPECT_EQ(http.get("/sessions/s/result").result(), http::status::conflict);
  for (int i = 1; i < 10; ++i) client.frame(i, "picture");
  client.end(10);
  client.signal("Phrase 1");
  client.receive("process_start");
  EXPECT_EQ(body_of(http.get("/sessions/s")).at("state"), "PROCESSING");
  const auto waiting = http.get("/sessions/s/result");
  EXPECT_EQ(waiting.result(), http::status::accepted);
  EXPECT_EQ(waiting[http::field::retry_after], "1");
  client.vanish();
  engine.phrase().complete(R"({"winner":"left"})");
  EXPECT_EQ(body_of(http.get("/sessions/s")).at("state"), "COMPLETE");
  EXPECT_EQ(body_of(http.get("/sessions/s/result")).at("winner"), "left");
}

TEST_F(SessionRoute, AFailureSaysWhy) {
  auto client = processing("broken");
  engine.phrase().fail("the pictures are all black");
  client->receive("error");
  const auto answer = HttpClient(port()).get("/sessions/broken/result");
  EXPECT_EQ(answer.result(), http::status::internal_server_error);
  EXPECT_EQ(body_of(answer).at("error"), "the pictures are all black");
}

TEST_F(SessionRoute, IdsMayBePercentEncoded) {
  test::WebSocketClient client(port());
  client.start("phrase 1 \u00e9", 640, 480);
  EXPECT_EQ(HttpClient(port()).get("/sessions/phrase%201%20%C3%A9").result(), http::status::ok);
}

TEST_F(SessionRoute, WhatIsOnlyForReading) {
  for (const char* path :
       {"/sessions/s/result", "/sessions/s/keypoints", "/sessions/s/artifacts/phrase.mkv"}) {
    const auto reply = HttpClient(port()).send(http::verb::delete_, path);
    EXPECT_EQ(reply.result(), http::status::method_not_allowed) << path;
    EXPECT_EQ(reply["Allow"], "GET, HEAD") << path;
  }
  EXPECT_EQ(HttpClient(port()).get("/sessions/").result(), http::status::not_found);
  EXPECT_EQ(HttpClient(port()).get("/sessions/a/b").result(), http::status::not_found);
  EXPECT_EQ(HttpClient(port()).get("/sessions/%2").result(), http::status::bad_request);
}

TEST_F(SessionRoute, WhoWatchesSeesAPictureAsItCame) {
  test::WebSocketClient client(port());
  client.start("s", 640, 480);
  HttpClient watcher(port());
  EXPECT_EQ(watcher.get("/sessions/s/live.jpg").result(), http::status::no_content) << "none has come";
  client.frame(0, "picture");
  client.frame(1, "another within the second");
  const auto picture = watcher.get("/sessions/s/live.jpg");
  EXPECT_EQ(picture.result(), http::status::ok);
  EXPECT_EQ(picture["Content-Type"], "image/jpeg");
  EXPECT_EQ(picture.body(), "picture");
  client.send({{"type", "session_abort"}});
  client.receive("session_aborted");
  EXPECT_EQ(watcher.get("/sessions/s/live.jpg").result(), http::status::not_found);
}

TEST_F(SessionRoute, WhereFramesAreNoJpegThePictureIsTheAnalysiss) {
  test::WebSocketClient client(port());
  client.start("s", 640, 480);
  HttpClient watcher(port());
  EXPECT_EQ(watcher.get("/sessions/s/live.jpg").result(), http::status::no_content);
  const std::string made = "made of a frame";
  engine.phrase().picture = std::make_shared<const types::Bytes>(made.begin(), made.end());
  EXPECT_EQ(watcher.get("/sessions/s/live.jpg").body(), made);
}

TEST_F(SessionRoute, APictureAloneIsLookedAt) {
  HttpClient client(port());
  const auto seen = client.send(http::verb::post, "/look", "a picture");
  EXPECT_EQ(seen.result(), http::status::ok);
  const auto sight = body_of(seen);
  EXPECT_EQ(sight.at("width"), 640);
  EXPECT_EQ(sight.at("left").as_array().size(), 17u);
  EXPECT_TRUE(sight.at("right").is_null());
  EXPECT_EQ(client.send(http::verb::post, "/look", "BAD").result(), http::status::unprocessable_entity);
}

TEST_F(SessionRoute, TwoAtATimeAreLookedAt) {
  std::atomic<int> inside = 0;
  std::atomic<bool> hold = true;
  engine.in_look = [&] {
    for (++inside; hold;) std::this_thread::yield();
  };
  const auto look = [this] {
    return HttpClient(port()).send(http::verb::post, "/look", "a picture").result();
  };
  port();
  auto first = std::async(std::launch::async, look), second = std::async(std::launch::async, look);
  until([&] { return inside == 2; });
  EXPECT_EQ(look(), http::status::service_unavailable);
  hold = false;
  EXPECT_EQ(first.get(), http::status::ok);
  EXPECT_EQ(second.get(), http::status::ok);
  EXPECT_EQ(look(), http::status::ok);
}

TEST_F(SessionRoute, AConnectionThatBreaksIsResumedOverTheNext) {
  test::WebSocketClient first(port());
  const auto started = first.start("s", 640, 480);
  for (int i = 0; i < 5; ++i) first.frame(i, "picture");
  first.vanish();
  test::WebSocketClient second(port());
  second.send(
      {{"type", "session_resume"}, {"session_id", "s"}, {"resume_token", started.at("resume_token")}});
  EXPECT_EQ(second.receive().at("ranges"), test::json::parse("[[0,4]]"));
  EXPECT_EQ(second.frame(5, "picture").at("status"), "received");
}

TEST_F(SessionRoute, TheConnectionThatWasTakenOverIsClosed) {
  test::WebSocketClient old(port());
  const auto started = old.start("s", 640, 480);
  test::WebSocketClient fresh(port());
  fresh.send({{"type", "session_resume"}, {"session_id", "s"}, {"resume_token", started.at("resume_token")}});
  EXPECT_EQ(fresh.receive().at("type"), "session_resumed");
  EXPECT_EQ(old.wait_close(), 4001);
}

}  // namespace
}  // namespace piste::server
