// Everything that a client may get wrong, against the real service: each row of the list of bad input.
#include <boost/json/serialize.hpp>

#include "phrase.h"
#include "video/codec.h"

namespace piste::e2e {
namespace {

using testing::HasSubstr;

class BadInput : public SharedService<BadInput> {
 protected:
  std::unique_ptr<WebSocketClient> connect() const {
    return std::make_unique<WebSocketClient>(service().port());
  }
  std::unique_ptr<WebSocketClient> started(const std::string& id) const {
    auto client = connect();
    EXPECT_EQ(client->start(id, small_width, small_height).at("type"), "session_started");
    return client;
  }
  // The next message is this error; its text shows no place on the server.
  void expect_error(WebSocketClient& client, const std::string& code, bool recoverable,
                    const std::string& words = "") const {
    const json::object message = client.receive();
    EXPECT_EQ(message.at("type"), "error");
    EXPECT_EQ(text(message.at("error_code")), code);
    EXPECT_EQ(message.at("recoverable"), recoverable);
    EXPECT_THAT(text(message.at("error_message")), HasSubstr(words));
    EXPECT_TRUE(service().hides_paths(json::serialize(message))) << json::serialize(message);
  }
  // The session goes on: its next frame is taken.
  static void expect_alive(WebSocketClient& client, std::int64_t next) {
    EXPECT_EQ(client.frame(next, small_jpeg()).at("type"), "frame_ack");
  }
};

TEST_F(BadInput, WhatIsNoMessageEndsTheConversationAndFreesTheSession) {
  const std::vector<std::pair<std::string, std::string>> texts{
      {"not JSON", "INVALID_MESSAGE"},
      {"{\"type\": \"frame\"", "INVALID_MESSAGE"},
      {"[1, 2]", "PROTOCOL_ERROR"},
      {"null", "PROTOCOL_ERROR"},
      {"\"session_start\"", "PROTOCOL_ERROR"},
      {"{}", "PROTOCOL_ERROR"},
      {R"({"type": 5})", "PROTOCOL_ERROR"},
      {R"({"type": "attack"})", "PROTOCOL_ERROR"},
  };
  for (const auto& [sent, code] : texts) {
    const auto client = started("closed");  // each time the same id: it was freed
    client->send_text(sent);
    expect_error(*client, code, false);
    EXPECT_EQ(client->wait_close(), 1008) << sent;
  }
  EXPECT_TRUE(service().becomes_idle());
}

TEST_F(BadInput, TextWhereBytesAreDueAndBytesWhereTextIsDue) {
  auto client = started("kinds");
  client->send({{"type", "frame"}, {"frame_number", 0}, {"encoding", "jpeg"}});
  client->send_text("text");
  expect_error(*client, "PROTOCOL_ERROR", false);
  client->wait_close();
  client = started("kinds");
  client->send_bytes("bytes");
  expect_error(*client, "PROTOCOL_ERROR", false);
  client->wait_close();
  EXPECT_TRUE(service().becomes_idle());
}

TEST_F(BadInput, FramesSessionEndAndSignalBeforeSessionStart) {
  const auto client = connect();
  client->send({{"type", "frame"}, {"frame_number", 0}, {"encoding", "jpeg"}});
  client->send_bytes(small_jpeg());
  expect_error(*client, "NO_ACTIVE_SESSION", false);
  client->send({{"type", "session_end"}, {"total_frames", 1}});
  expect_error(*client, "NO_ACTIVE_SESSION", false);
  client->send({{"type", "signal"}, {"filename", "x"}});
  client->send_bytes(small_log());
  expect_error(*client, "NO_ACTIVE_SESSION", false);
  EXPECT_EQ(client->start("after all", small_width, small_height).at("type"), "session_started");
}

TEST_F(BadInput, SessionStartOutOfRange) {
  const auto client = connect();
  const auto refused = [&](const char* field, json::value value) {
    json::object start{
        {"type", "session_start"}, {"session_id", "s"}, {"fps", 30}, {"width", 640}, {"height", 480}};
    start[field] = std::move(value);
    SCOPED_TRACE(json::serialize(start));
    client->send(start);
    expect_error(*client, "SESSION_START_FAILED", false);
  };
  for (const json::value& fps : json::array{0, -1, "30", 1e9, true, nullptr}) refused("fps", fps);
  for (const char* side : {"width", "height"}) {
    for (const json::value& size : json::array{0, -640, 1.5, "640", 15, 8193, 4294967296, nullptr})
      refused(side, size);
  }
  for (const json::value& id : json::array{"", "a/b", "..", "../x", "/etc/passwd", "a\\b", "a\nb",
                                           std::string(129, 'x'), 5, nullptr}) {
    refused("session_id", id);
  }
  EXPECT_EQ(client->start("s", 640, 480).at("type"), "session_started");
}

TEST_F(BadInput, AnIdInUse) {
  const auto first = started("twice");
  const auto second = connect();
  second->send(
      {{"type", "session_start"}, {"session_id", "twice"}, {"fps", 30}, {"width", 640}, {"height", 480}});
  expect_error(*second, "SESSION_START_FAILED", false, "twice");
  expect_alive(*first, 0);
}

TEST_F(BadInput, FramesThatAreNotTakenGetOneAnswerAndTheSessionGoesOn) {
  const auto client = started("frames");
  const std::string jpeg = small_jpeg();
  std::int64_t refused = 0;
  const auto send = [&](const char* field, json::value value, const std::string& bytes) {
    json::object frame{
        {"type", "frame"}, {"session_id", "frames"}, {"frame_number", 5}, {"encoding", "jpeg"}};
    frame[field] = std::move(value);
    SCOPED_TRACE(json::serialize(frame));
    client->send(frame);
    client->send_bytes(bytes);
    expect_error(*client, "FRAME_PROCESSING_FAILED", true);
    client->send({{"type", "ping"}, {"id", ++refused}});
    EXPECT_EQ(client->receive().at("id"), refused) << "more than one answer";
  };
  expect_alive(*client, 0);
  for (const json::value& number : json::array{-5, 1.5, true, "0", 1e30, 20'000'000, nullptr})
    send("frame_number", number, jpeg);
  send("session_id", "another", jpeg);
  for (const json::value& encoding : json::array{"webp", "", 7}) send("encoding", encoding, jpeg);
  send("encoding", "jpeg", "garbage");
  send("encoding", "jpeg", "");
  send("encoding", "jpeg", jpeg.substr(0, jpeg.size() / 2));
  send("encoding", "png", "garbage");
  send("encoding", "raw", std::string(100, 'x'));
  send("encoding", "raw", std::string(small_width * small_height * 4, 'x'));
  client->send_text(R"({"type": "frame", "frame_number": NaN, "encoding": "jpeg"})");
  client->send_bytes(jpeg);
  expect_error(*client, "FRAME_PROCESSING_FAILED", true);
  ++refused;

  for (int i = 1; i < 10; ++i) expect_alive(*client, i);
  const json::object session = service().stats().at("sessions").at("frames").as_object();
  EXPECT_EQ(session.at("frames_received"), 10);
  EXPECT_EQ(session.at("rejected_frames"), refused);
  const json::object validation = client->end(10).at("validation").as_object();
  EXPECT_EQ(validation.at("frame_count"), 10);
  EXPECT_EQ(validation.at("rejected_frames"), refused);
}

TEST_F(BadInput, WhatCamerasGetWrongIsTaken) {
  const auto client = started("cameras");
  const std::string other = as_text(video::encode_jpeg({32, 32, types::Bytes(32 * 32 * 3)}, 90).value());
  client->send({{"type", "frame"}, {"frame_number", 57'812}});  // no encoding, a counter that runs on
  client->send_bytes(other);                                    // not the announced size
  const json::object ack = client->receive();
  EXPECT_EQ(ack.at("status"), "received");
  EXPECT_EQ(ack.at("frame_number"), 57'812);
  client->send({{"type", "frame"}, {"frame_number", 57'813}, {"encoding", "image/JPEG"}});
  client->send_bytes(small_jpeg());
  EXPECT_EQ(client->receive().at("status"), "received");
}

TEST_F(BadInput, AFrameSizeMismatchIsTakenWithAWarning) {
  const auto client = started("mismatch");
  client->send({{"type", "frame"}, {"frame_number", 0}, {"encoding", "jpeg"}, {"size", 1}});
  client->send_bytes(small_jpeg());
  EXPECT_EQ(client->receive().at("status"), "received");
  EXPECT_EQ(service().stats().at("sessions").at("mismatch").at("size_mismatches"), 1);
  EXPECT_TRUE(service().process().await("Frame size mismatch"));
}

TEST_F(BadInput, AFrameAgainIsADuplicate) {
  const auto client = started("again");
  EXPECT_EQ(client->frame(0, small_jpeg(1)).at("status"), "received");
  EXPECT_EQ(client->frame(0, small_jpeg(2)).at("status"), "duplicate");
  EXPECT_EQ(client->end(1).at("validation").at("duplicate_frames"), 1);
}

TEST_F(BadInput, AMessageOverTheLimitIsClosedWith1009) {
  const auto text_client = started("long text");
  text_client->send_text(std::string(100'000, ' '));
  EXPECT_EQ(text_client->wait_close(), 1009);
  const auto client = started("long frame");
  client->send({{"type", "frame"}, {"frame_number", 0}, {"encoding", "jpeg"}});
  client->send_bytes(std::string((64 << 20) + (1 << 20), 'x'));
  EXPECT_EQ(client->wait_close(), 1009);
}

TEST_F(BadInput, NoFewMissingAndLateFramesAreListedAndTheRestIsAnalysed) {
  auto client = started("none");
  json::object validation = client->end(0).at("validation").as_object();
  EXPECT_EQ(validation.at("valid"), false);
  EXPECT_GT(validation.at("issues").as_array().size(), 0U);
  client->signal(small_log());
  const json::object failed = client->receive("error");
  EXPECT_EQ(failed.at("error_code"), "PROCESSING_FAILED");
  EXPECT_EQ(failed.at("recoverable"), false);

  client = started("gaps");
  for (const int number : {0, 1, 3, 2, 7}) client->frame(number, small_jpeg(number));
  validation = client->end(9).at("validation").as_object();
  EXPECT_EQ(validation.at("valid"), false);
  EXPECT_EQ(validation.at("missing_frames"), 4);
  EXPECT_EQ(validation.at("out_of_order_frames"), 1);
  client->signal(small_log());
  EXPECT_EQ(client->receive("process_complete").at("result").at("frames_analyzed"), 5);
}

TEST_F(BadInput, ScoringLogsThatAreNoneMayBeReplaced) {
  const auto client = started("logs");
  for (int i = 0; i < 10; ++i) client->frame(i, small_jpeg(i));
  client->end(10);
  const std::vector<std::string> logs{"", std::string(64, '\0'), "\xff\xfe\x00\x01\x80\x90", "hello\n",
                                      "\x89PNG\r\n\x1a\n"};
  for (const std::string& log : logs) {
    client->send({{"type", "signal"}, {"filename", "phrase.txt"}, {"size", log.size()}});
    client->send_bytes(log);
    expect_error(*client, "PROCESSING_FAILED", true);
  }
  EXPECT_EQ(client->signal(small_log()).at("type"), "signal_ack");
  client->receive("process_complete");
}

TEST_F(BadInput, AValidLogWithoutAHitGetsNone) {
  const std::string hitless =
      " 0.000s | Phrase recording started\n 0.900s | Phrase recording ended\n"
      "Scores -> Fencer 1: MISS, Fencer 2: MISS\nPhrase ended\n";
  // In Latin-1, and cut off in the middle of a line: what can be read counts.
  for (const std::string& log : {hitless,
                                 hitless + "Salle d'\xe9p\xe9"
                                           "e\n",
                                 hitless.substr(0, 60)}) {
    const auto client = started("hitless");
    for (int i = 0; i < 10; ++i) client->frame(i, small_jpeg(i));
    client->end(10);
    EXPECT_EQ(client->signal(log).at("type"), "signal_ack");
    EXPECT_EQ(client->receive("process_complete").at("result").at("winner"), "none");
  }
}

// ---- uploads

TEST_F(BadInput, UploadsThatAreNotWhole) {
  const std::string video = test::read_file(sample("no-hit").video);
  const auto post = [&](const std::vector<test::FormPart>& parts) {
    const auto response = test::post_form(service().port(), "/analyze", parts);
    EXPECT_TRUE(service().hides_paths(response.body())) << response.body();
    EXPECT_TRUE(test::body_of(response).contains("detail")) << response.body();
    return response.result_int();
  };
  EXPECT_EQ(post({{"video", video, "a.mkv"}}), 422U) << "neither a log nor a lamp that comes on";
  EXPECT_EQ(post({{"signal", small_log(), "a.txt"}}), 400U);
  EXPECT_EQ(post({}), 400U);
  EXPECT_EQ(post({{"video", "no video", "a.mkv"}, {"signal", small_log(), "a.txt"}}), 422U);
  EXPECT_EQ(post({{"video", video.substr(0, 200), "a.mkv"}, {"signal", small_log(), "a.txt"}}), 422U);
  EXPECT_EQ(post({{"video", video, "a.mkv"}, {"signal", "\xff\xfe\x80", "a.txt"}}), 422U);
  EXPECT_EQ(post({{"video", video, "a.mkv"}, {"signal", "", "a.txt"}}), 422U);
  EXPECT_EQ(
      post({{"video", video, "a.mkv"}, {"signal", small_log(), "a.txt"}, {"include_keypoints", "perhaps"}}),
      400U);
  EXPECT_TRUE(service().becomes_idle());
}

}  // namespace
}  // namespace piste::e2e
