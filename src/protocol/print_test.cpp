#include "protocol/print.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "protocol/json_text.h"

namespace piste::protocol {
namespace {

TEST(Print, TheGuidesAnswers) {
  EXPECT_EQ(print(SessionStarted{"phrase_1", "0af7"}),
            R"({"type":"session_started","session_id":"phrase_1","resume_token":"0af7"})");
  EXPECT_EQ(print(FrameAck{"phrase_1", 0, FrameStatus::received}),
            R"({"type":"frame_ack","session_id":"phrase_1","frame_number":0,"status":"received"})");
  EXPECT_EQ(print(FrameAck{"phrase_1", 17, FrameStatus::duplicate}),
            R"({"type":"frame_ack","session_id":"phrase_1","frame_number":17,"status":"duplicate"})");
  EXPECT_EQ(print(SignalAck{"phrase_1"}),
            R"({"type":"signal_ack","session_id":"phrase_1","status":"received"})");
  EXPECT_EQ(print(ProcessStart{"phrase_1"}), R"({"type":"process_start","session_id":"phrase_1"})");
  EXPECT_EQ(print(SessionAborted{"phrase_1"}), R"({"type":"session_aborted","session_id":"phrase_1"})");
}

TEST(Print, SessionEndedHasTheGuidesValidation) {
  Validation validation;
  validation.valid = false;
  validation.issues = {"2 frames are missing", "a \"quoted\" one"};
  validation.frame_count = 1798;
  validation.missing_frames = 2;
  validation.duplicate_frames = 3;
  validation.out_of_order_frames = 4;
  validation.rejected_frames = 5;
  validation.size_mismatches = 6;
  EXPECT_EQ(print(SessionEnded{"s", validation}),
            R"({"type":"session_ended","session_id":"s","validation":{"valid":false,)"
            R"("issues":["2 frames are missing","a \"quoted\" one"],"frame_count":1798,"missing_frames":2,)"
            R"("duplicate_frames":3,"out_of_order_frames":4,"has_signal":false,)"
            R"("rejected_frames":5,"size_mismatches":6}})");
  EXPECT_NE(print(SessionEnded{"s", {}}).find(R"("issues":[])"), std::string::npos);
}

TEST(Print, Progress) {
  EXPECT_EQ(print(ProcessProgress{"s", "fisheye", 0.5, "Correcting fisheye distortion...", ""}),
            R"({"type":"process_progress","session_id":"s","stage":"fisheye","progress":0.5,)"
            R"("message":"Correcting fisheye distortion..."})");
  EXPECT_NE(print(ProcessProgress{"s", "decision", 1, "", R"({"winner":"left"})"})
                .find(R"("decision":{"winner":"left"})"),
            std::string::npos);
}

TEST(Print, TheResultIsEmbeddedAsItIs) {
  const std::string result = R"({"decision":{"winner":"left"},"wall_time_seconds":45.2})";
  EXPECT_EQ(print(ProcessComplete{"s", result}),
            R"({"type":"process_complete","session_id":"s","result":)" + result + "}");
}

TEST(Print, Errors) {
  EXPECT_EQ(print(Error{"s", ErrorCode::frame_processing_failed, "Failed to decode frame 123", true, 123}),
            R"({"type":"error","session_id":"s","error_code":"FRAME_PROCESSING_FAILED",)"
            R"("error_message":"Failed to decode frame 123","recoverable":true,"frame_number":123})");
  EXPECT_EQ(print(Error{"", ErrorCode::no_active_session, "x", false, {}}),
            R"({"type":"error","session_id":null,"error_code":"NO_ACTIVE_SESSION","error_message":"x",)"
            R"("recoverable":false})");
}

TEST(Print, EveryErrorCodeOfTheGuideHasItsName) {
  EXPECT_EQ(name_of(ErrorCode::protocol_error), "PROTOCOL_ERROR");
  EXPECT_EQ(name_of(ErrorCode::invalid_message), "INVALID_MESSAGE");
  EXPECT_EQ(name_of(ErrorCode::session_start_failed), "SESSION_START_FAILED");
  EXPECT_EQ(name_of(ErrorCode::no_active_session), "NO_ACTIVE_SESSION");
  EXPECT_EQ(name_of(ErrorCode::frame_processing_failed), "FRAME_PROCESSING_FAILED");
  EXPECT_EQ(name_of(ErrorCode::processing_failed), "PROCESSING_FAILED");
  EXPECT_EQ(name_of(ErrorCode::internal_error), "INTERNAL_ERROR");
}

TEST(Print, Pong) {
  EXPECT_EQ(print(Pong{"", "", ""}), R"({"type":"pong","session_id":null})");
  EXPECT_EQ(print(Pong{"s", "7", "12.5"}), R"({"type":"pong","session_id":"s","id":7,"timestamp":12.5})");
}

TEST(JsonText, AnyTextBecomesValidJson) {
  const std::string wild("quote \" backslash \\ newline \n nul \0 end", 38);
  EXPECT_EQ(boost::json::parse(json_string(wild)).as_string(), boost::json::string_view(wild));
  EXPECT_EQ(json_string("\xFF"), R"("\\xFF")") << "what is not UTF-8 is shown, not sent";
}

}  // namespace
}  // namespace piste::protocol
