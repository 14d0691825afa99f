#include "client/messages.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace piste::client {
namespace {

namespace json = boost::json;

json::object read(const std::string& text) {
  return json::parse(text).as_object();
}

TEST(Messages, SessionStartAsInTheGuide) {
  StartMessage start{"phrase_20251106_123045", 30, 1920, 1080, 1800, std::nullopt, false};
  const json::object message = read(session_start(start));
  EXPECT_EQ(message, json::parse(R"({"type":"session_start","session_id":"phrase_20251106_123045","fps":30,
    "width":1920,"height":1080,"expected_frames":1800,"video_format":"bgr24","timestamps":"capture"})"));
}

TEST(Messages, SessionStartWithExtensions) {
  StartMessage start{"a", 29.97, 640, 480, std::nullopt, types::Weapon::foil, true, false};
  const json::object message = read(session_start(start));
  EXPECT_FALSE(message.contains("expected_frames"));
  EXPECT_EQ(message.at("weapon"), "foil");
  EXPECT_EQ(message.at("include_keypoints"), true);
  EXPECT_EQ(message.at("save_overlay"), false);
}

TEST(Messages, SessionStartWithMarks) {
  StartMessage start{"a", 30, 640, 480, std::nullopt, std::nullopt, false};
  start.marks.piste = {{0, 400}, {640, 400}, {640, 480}};
  start.marks.fencers = types::PerSide<types::Spot>{{100, 200}, {500, 210}};
  const json::object message = read(session_start(start));
  EXPECT_EQ(message.at("piste_corners"), json::parse("[[0,400],[640,400],[640,480]]"));
  EXPECT_EQ(message.at("fencers"), json::parse("[[100,200],[500,210]]"));
}

TEST(Messages, FrameAsInTheGuide) {
  types::EncodedFrame frame{7,
                            1699276800.123,
                            types::Encoding::jpeg,
                            4,
                            4,
                            std::make_shared<const types::Bytes>(types::Bytes(65432))};
  const json::object message = read(frame_header("a\"b", frame, 85));
  EXPECT_EQ(message, json::parse(R"({"type":"frame","session_id":"a\"b","frame_number":7,
    "timestamp":1699276800.123,"encoding":"jpeg","quality":85,"size":65432})"));
  frame.encoding = types::Encoding::raw;
  frame.timestamp.reset();
  const json::object bare = read(frame_header("a", frame, std::nullopt));
  EXPECT_EQ(bare.at("encoding"), "raw");
  EXPECT_FALSE(bare.contains("timestamp"));
  EXPECT_FALSE(bare.contains("quality"));
}

TEST(Messages, EndSignalAbort) {
  EXPECT_EQ(read(session_end("a", 1800)).at("total_frames"), 1800);
  const json::object signal = read(signal_header("a", "phr\xC3\xA4se.txt", 1234));
  EXPECT_EQ(signal.at("filename"), "phr\xC3\xA4se.txt");
  EXPECT_EQ(signal.at("size"), 1234u);
  EXPECT_EQ(read(signal_header("a", "bad\xFF.txt", 1)).at("filename"), "bad\\xFF.txt");
  EXPECT_EQ(read(session_abort("a")).at("type"), "session_abort");
}

template <class Message>
Message expect_reply(const std::string& text) {
  const auto reply = parse_reply(text);
  if (!reply || !std::holds_alternative<Message>(*reply)) {
    ADD_FAILURE() << "another kind of reply: " << text;
    return {};
  }
  return std::get<Message>(*reply);
}

TEST(Replies, TheGuidesExamples) {
  expect_reply<Started>(R"({"type":"session_started","session_id":"a"})");
  const auto ack = expect_reply<FrameAck>(R"({"type":"frame_ack","frame_number":3,"status":"duplicate"})");
  EXPECT_EQ(ack.number, 3);
  EXPECT_EQ(ack.status, AckStatus::duplicate);
  const auto ended = expect_reply<Ended>(
      R"({"type":"session_ended","validation":{"valid":false,"issues":["3 missing frames"],"frame_count":7}})");
  EXPECT_FALSE(ended.valid);
  EXPECT_EQ(ended.issues, std::vector<std::string>{"3 missing frames"});
  expect_reply<SignalAck>(R"({"type":"signal_ack","status":"received"})");
  expect_reply<ProcessStart>(R"({"type":"process_start"})");
  const auto progress = expect_reply<Progress>(
      R"({"type":"process_progress","stage":"fisheye","progress":0.5,"message":"Correcting fisheye distortion..."})");
  EXPECT_EQ(progress.stage, "fisheye");
  EXPECT_DOUBLE_EQ(progress.progress, 0.5);
  const auto error = expect_reply<ServerError>(R"({"type":"error","error_code":"FRAME_PROCESSING_FAILED",
    "error_message":"Failed to decode frame 123","recoverable":true,"frame_number":123})");
  EXPECT_TRUE(error.recoverable);
  EXPECT_EQ(error.frame_number, 123);
  EXPECT_EQ(expect_reply<Complete>(R"({"type":"process_complete","result":{"a":1}})").result, R"({"a":1})");
  EXPECT_EQ(expect_reply<Other>(R"({"type":"pong"})").type, "pong");
}

TEST(Replies, FieldsOfTheWrongKindAreNeutral) {
  EXPECT_EQ(expect_reply<Progress>(R"({"type":"process_progress","stage":1,"progress":1e300})").progress, 1);
  EXPECT_EQ(expect_reply<Progress>(R"({"type":"process_progress","progress":"x"})").progress, 0);
  EXPECT_TRUE(expect_reply<Ended>(R"({"type":"session_ended","validation":[1]})").valid);
  EXPECT_FALSE(expect_reply<ServerError>(R"({"type":"error","recoverable":"yes"})").recoverable);
  EXPECT_EQ(expect_reply<FrameAck>(R"({"type":"frame_ack","frame_number":1})").status, AckStatus::error);
}

TEST(Replies, WhatIsNoMessageIsAnError) {
  const std::string deep(100'000, '[');
  for (const std::string& text :
       {std::string("not JSON"), std::string("[1]"), std::string("{}"), std::string(R"({"type":1})"), deep,
        std::string(R"({"type":"frame_ack"})"), std::string(R"({"type":"frame_ack","frame_number":1.5})"),
        std::string(R"({"type":"process_complete","result":"x"})")}) {
    const auto reply = parse_reply(text);
    ASSERT_FALSE(reply) << text.substr(0, 60);
    EXPECT_EQ(reply.error().code, ErrorCode::connection);
  }
}

}  // namespace
}  // namespace piste::client
