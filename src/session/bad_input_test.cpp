// What clients do wrong, and the one answer that each of it gets.
#include <cmath>

#include "session/conversation.h"
#include "session/test_client.h"

namespace piste::session {
namespace {

using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;

class BadInput : public SessionTest {
 protected:
  // The answer is an error of this code; gives its text.
  static std::string expect_error(TestClient& client, const std::string& code, bool recoverable) {
    const auto answer = client.next();
    EXPECT_EQ(TestClient::kind(answer), code);
    EXPECT_EQ(answer.at("recoverable"), recoverable) << json::serialize(answer);
    EXPECT_EQ(client.waiting(), 0u) << "exactly one answer";
    return std::string(answer.at("error_message").as_string());
  }
  // A frame that is refused: one error, and the session goes on.
  void expect_frame_refused(TestClient& client) {
    expect_error(client, "FRAME_PROCESSING_FAILED", true);
    client.frame(next_good_);
    const auto ack = client.next();
    EXPECT_EQ(TestClient::kind(ack), "frame_ack");
    EXPECT_EQ(ack.at("frame_number"), next_good_++) << "answers keep in step";
  }
  std::int64_t next_good_ = 0;
};

TEST_F(BadInput, TextThatIsNotJsonClosesAndFreesTheSession) {
  for (const char* text : {"hello", "", "{\"type\":", "{'type':'ping'}"}) {
    auto client = started();
    EXPECT_EQ(client->text(text), Next::close) << text;
    expect_error(*client, "INVALID_MESSAGE", false);
    EXPECT_EQ(registry().active(), 0u);
  }
  EXPECT_EQ(started()->session_id(), "s") << "the id is free again";
}

TEST_F(BadInput, JsonThatIsNoMessageClosesAndFreesTheSession) {
  for (const char* text : {"[]", "17", "\"ping\"", "null", "{}", R"({"type":7})", R"({"type":"launch"})"}) {
    auto client = started();
    EXPECT_EQ(client->text(text), Next::close) << text;
    expect_error(*client, "PROTOCOL_ERROR", false);
    EXPECT_EQ(registry().active(), 0u);
  }
}

TEST_F(BadInput, TheSameWithoutASession) {
  auto client = connect();
  EXPECT_EQ(client->text("hello"), Next::close);
  const auto answer = client->next();
  EXPECT_EQ(answer.at("error_code"), "INVALID_MESSAGE");
  EXPECT_TRUE(answer.at("session_id").is_null());
}

TEST_F(BadInput, TextWhereBytesAreDue) {
  auto client = started();
  client->frame_header(0);
  EXPECT_EQ(client->frame_header(1), Next::close);
  expect_error(*client, "PROTOCOL_ERROR", false);
  EXPECT_EQ(registry().active(), 0u);

  auto second = started();
  second->text(R"({"type":"signal","session_id":"s","size":3})");
  EXPECT_EQ(second->end(0), Next::close);
  expect_error(*second, "PROTOCOL_ERROR", false);

  auto third = started();
  third->frame_header(0);
  EXPECT_EQ(third->text("no JSON either"), Next::close);
  expect_error(*third, "PROTOCOL_ERROR", false);
}

TEST_F(BadInput, BytesWhereTextIsDue) {
  auto client = started();
  EXPECT_EQ(client->binary("picture"), Next::close);
  expect_error(*client, "PROTOCOL_ERROR", false);
  EXPECT_EQ(registry().active(), 0u);
  auto second = started();
  second->frame(0);
  second->skip();
  EXPECT_EQ(second->binary("and more"), Next::close);
  expect_error(*second, "PROTOCOL_ERROR", false);
}

TEST_F(BadInput, BeforeSessionStart) {
  auto client = connect();
  client->frame(0);
  expect_error(*client, "NO_ACTIVE_SESSION", false);
  client->end(0);
  expect_error(*client, "NO_ACTIVE_SESSION", false);
  client->signal();
  expect_error(*client, "NO_ACTIVE_SESSION", false);
  client->abort();
  expect_error(*client, "NO_ACTIVE_SESSION", false);
  client->frame_header_as("-5");
  client->binary("x");
  expect_error(*client, "NO_ACTIVE_SESSION", false);
  client->start();
  EXPECT_EQ(client->next_kind(), "session_started") << "the connection is still good";
}

TEST_F(BadInput, SessionStartOutOfRange) {
  const std::string id = R"("session_id":"s")";
  const std::string good = R"("fps":30,"width":640,"height":480)";
  for (const std::string& fields : {id + R"(,"fps":0,"width":640,"height":480)",
                                    id + R"(,"fps":-1,"width":640,"height":480)",
                                    id + R"(,"fps":"30","width":640,"height":480)",
                                    id + R"(,"fps":1e9,"width":640,"height":480)",
                                    id + R"(,"fps":NaN,"width":640,"height":480)",
                                    id + R"(,"fps":30,"width":0,"height":480)",
                                    id + R"(,"fps":30,"width":640,"height":-480)",
                                    id + R"(,"fps":30,"width":8193,"height":480)",
                                    id + R"(,"fps":30,"width":640,"height":1000000)",
                                    id + R"(,"fps":30,"width":640.5,"height":480)",
                                    id + R"(,"fps":30,"width":true,"height":480)",
                                    id + R"(,"fps":30,"width":15,"height":480)",
                                    id + "," + good + R"(,"video_format":5)",
                                    good,
                                    R"("session_id":"",)" + good,
                                    R"("session_id":"../x",)" + good,
                                    R"("session_id":"/abs/path",)" + good,
                                    R"("session_id":"a\\b",)" + good,
                                    R"("session_id":"a\u0000b",)" + good,
                                    R"("session_id":")" + std::string(129, 'x') + "\"," + good,
                                    R"("session_id":5,)" + good}) {
    auto client = connect();
    EXPECT_EQ(client->text("{\"type\":\"session_start\"," + fields + "}"), Next::keep_open) << fields;
    expect_error(*client, "SESSION_START_FAILED", false);
    EXPECT_EQ(registry().active(), 0u) << fields;
  }
  EXPECT_EQ(folders(), 0u) << "nothing a client sends becomes a path";
}

TEST_F(BadInput, SessionIdInUse) {
  auto first = started("same");
  auto second = connect();
  second->start("same");
  EXPECT_EQ(expect_error(*second, "SESSION_START_FAILED", false),
            "Session same already exists; end it, resume it, or give another session_id");
  first->frame(0);
  EXPECT_EQ(first->next_kind(), "frame_ack");
}

TEST_F(BadInput, TooManySessions) {
  limits.max_sessions = 2;
  auto one = started("one");
  auto two = started("two");
  auto three = connect();
  three->start("three");
  EXPECT_EQ(expect_error(*three, "SESSION_START_FAILED", false), "Maximum concurrent sessions reached");
  one->abort();
  three->start("three");
  EXPECT_EQ(three->next_kind(), "session_started");
}

TEST_F(BadInput, MemoryShort) {
  limits.max_memory_bytes = 1 << 20;
  auto first = started("first");
  for (int i = 0; i < 10; ++i) first->frame(i, std::string(200'000, 'x'));
  auto second = connect();
  second->start("second");
  EXPECT_EQ(expect_error(*second, "SESSION_START_FAILED", false), "Maximum memory limit reached");
  engine.phrase().analyse_all();
  second->start("second");
  EXPECT_EQ(second->next_kind(), "session_started");
}

TEST_F(BadInput, DiskShort) {
  limits.min_free_disk_bytes = std::uint64_t{1} << 60;
  auto client = connect();
  client->start();
  EXPECT_EQ(expect_error(*client, "SESSION_START_FAILED", false), "Not enough disk space on the server");
  EXPECT_EQ(registry().active(), 0u);
}

TEST_F(BadInput, NoFolderToStoreIn) {
  registry();
  std::filesystem::remove_all(limits.output_dir);
  auto client = connect();
  client->start();
  const std::string text = expect_error(*client, "SESSION_START_FAILED", false);
  EXPECT_THAT(text, testing::Not(HasSubstr(limits.output_dir.string())));
  EXPECT_EQ(registry().active(), 0u);
}

TEST_F(BadInput, ASecondSessionStartFailsAndTheFirstGoesOn) {
  auto client = started("first");
  client->start("second");
  expect_error(*client, "SESSION_START_FAILED", true);
  EXPECT_EQ(client->session_id(), "first");
  client->text(R"({"type":"frame","session_id":"first","frame_number":0,"encoding":"jpeg"})");
  client->binary("picture");
  EXPECT_EQ(client->next_kind(), "frame_ack");
  EXPECT_EQ(registry().active(), 1u);
}

TEST_F(BadInput, FrameNumbersThatAreNone) {
  auto client = started();
  for (const char* number : {"-5", "1.5", "NaN", "-Infinity", "true", "1e30", "\"3\"", "null", "[1]"}) {
    client->frame_header_as(number);
    client->binary("picture");
    expect_frame_refused(*client);
  }
  EXPECT_EQ(session_stats().at("rejected_frames"), 9);
  EXPECT_EQ(session_stats().at("frames_received"), 9);
}

TEST_F(BadInput, FrameNumberFarBeyondExpected) {
  auto client = started("s", R"(,"expected_frames":100)");
  client->frame(next_good_);
  EXPECT_EQ(client->next().at("frame_number"), next_good_++);
  client->frame(20'000'000);
  expect_frame_refused(*client);
  client->frame(500);
  expect_frame_refused(*client);
  client->frame(120);
  EXPECT_EQ(client->next_kind(), "frame_ack") << "the client's count may have been an estimate";
}

TEST_F(BadInput, FrameNumberBeyondTheServersLimit) {
  auto client = started();
  client->frame(next_good_);
  EXPECT_EQ(client->next().at("frame_number"), next_good_++);
  client->frame(limits.max_frames);
  expect_frame_refused(*client);
  client->frame(limits.max_frames - 1);
  EXPECT_EQ(client->next_kind(), "frame_ack");
}

TEST_F(BadInput, NumbersThatBeginElsewhereAreCountedFromThere) {
  std::size_t phrase = 0;
  for (const std::int64_t first : {std::int64_t{1}, std::int64_t{57'812}, std::int64_t{1} << 52}) {
    auto client = started("s", R"(,"expected_frames":30)");
    for (std::int64_t i = 0; i < 30; ++i) {
      client->frame(first + i);
      EXPECT_EQ(client->next().at("frame_number"), first + i) << "the client's own";
    }
    EXPECT_EQ(session_stats().at("missing_frames"), 0);
    client->frame(first + 400);
    expect_error(*client, "FRAME_PROCESSING_FAILED", true);
    client->end(30);
    const auto validation = client->next().at("validation");
    EXPECT_EQ(validation.at("missing_frames"), 0);
    EXPECT_EQ(validation.at("frame_count"), 30);
    client->signal();
    EXPECT_EQ(client->next_kind(), "signal_ack");
    EXPECT_EQ(engine.phrase(phrase++).streaming.first_frame_number, first);
    client->abort();
  }
}

TEST_F(BadInput, TheRefusalOfANumberSaysWhereTheNumbersAre) {
  auto client = started("s", R"(,"expected_frames":100)");
  client->frame(57'812);
  EXPECT_EQ(client->next_kind(), "frame_ack");
  client->frame(58'400);
  EXPECT_EQ(expect_error(*client, "FRAME_PROCESSING_FAILED", true),
            "Frame 58400 is far beyond this session's: numbers must be below 58312");
  client->frame(3);
  EXPECT_EQ(expect_error(*client, "FRAME_PROCESSING_FAILED", true),
            "Frame 3 is far below this session's: numbers must be above 57312");
}

TEST_F(BadInput, AFrameOfAnotherSession) {
  auto client = started("mine");
  client->text(R"({"type":"frame","session_id":"other","frame_number":0,"encoding":"jpeg","size":7})");
  client->binary("picture");
  EXPECT_EQ(client->next_kind(), "FRAME_PROCESSING_FAILED");
  EXPECT_EQ(client->waiting(), 0u);
  EXPECT_TRUE(engine.phrase().pushed.empty());
  client->frame(0);
  EXPECT_EQ(client->next_kind(), "frame_ack");
}

TEST_F(BadInput, SessionEndAndSignalOfAnotherSession) {
  auto client = started("mine");
  client->text(R"({"type":"session_end","session_id":"other"})");
  expect_error(*client, "NO_ACTIVE_SESSION", true);
  client->text(R"({"type":"signal","session_id":"other","size":1})");
  client->binary("x");
  expect_error(*client, "NO_ACTIVE_SESSION", true);
  client->text(R"({"type":"session_abort","session_id":"other"})");
  expect_error(*client, "NO_ACTIVE_SESSION", true);
  EXPECT_EQ(registry().active(), 1u);
}

TEST_F(BadInput, AFrameWhoseSizeDiffersIsTakenAndCounted) {
  auto client = started();
  client->frame_header(0, R"(,"size":999)");
  client->binary("picture");
  EXPECT_EQ(client->next().at("status"), "received");
  EXPECT_EQ(client->waiting(), 0u);
  EXPECT_EQ(session_stats().at("size_mismatches"), 1);
  client->end(1);
  EXPECT_EQ(client->next().at("validation").at("size_mismatches"), 1);
}

TEST_F(BadInput, UnknownEncoding) {
  auto client = started();
  for (const char* encoding : {R"("gif")", "7", R"("")"}) {
    client->text(R"({"type":"frame","session_id":"s","frame_number":0,"encoding":)" + std::string(encoding) +
                 "}");
    client->binary("picture");
    expect_frame_refused(*client);
  }
}

TEST_F(BadInput, PicturesThatAreNone) {
  auto client = started();
  for (const char* bytes : {"", "BAD", "BAD picture, cut short"}) {
    client->frame(900, bytes);
    const auto answer = client->next();
    EXPECT_EQ(TestClient::kind(answer), "FRAME_PROCESSING_FAILED");
    EXPECT_EQ(answer.at("error_message"), "Failed to decode frame 900: the picture is cut short");
    EXPECT_EQ(answer.at("frame_number"), 900);
    EXPECT_EQ(answer.at("session_id"), "s");
    EXPECT_EQ(client->waiting(), 0u);
  }
  client->frame(900, "whole this time");
  EXPECT_EQ(client->next().at("status"), "received") << "a refused frame may be sent again";
}

TEST_F(BadInput, RefusedFramesCountInTheValidation) {
  auto client = started();
  client->frames(0, 10);
  client->frame(10, "BAD");
  client->skip();
  client->end(11);
  const auto validation = client->next().at("validation");
  EXPECT_EQ(validation.at("valid"), false);
  EXPECT_EQ(validation.at("rejected_frames"), 1);
  EXPECT_EQ(validation.at("missing_frames"), 1);
  EXPECT_EQ(validation.at("frame_count"), 10);
}

TEST_F(BadInput, AFrameOverTheSizeLimit) {
  limits.max_frame_bytes = 1000;
  auto client = started();
  client->frame(0, std::string(1001, 'x'));
  expect_frame_refused(*client);
  client->frame_header(1);  // says nothing of its size
  client->binary(std::string(1001, 'x'));
  expect_frame_refused(*client);
}

TEST_F(BadInput, RawFramesInAnotherFormatThanBgr) {
  auto client = connect();
  client->text(
      R"({"type":"session_start","session_id":"s","fps":30,"width":64,"height":64,"video_format":"rgb24"})");
  client->skip();
  client->text(R"({"type":"frame","session_id":"s","frame_number":0,"encoding":"raw"})");
  client->binary("pixels");
  EXPECT_THAT(expect_error(*client, "FRAME_PROCESSING_FAILED", true), HasSubstr("bgr24"));
  client->frame(0);
  EXPECT_EQ(client->next_kind(), "frame_ack") << "other encodings do not care";
}

TEST_F(BadInput, AFrameAgain) {
  auto client = started();
  client->frame(0, "first");
  client->skip();
  for (const char* bytes : {"first", "another picture", "BAD"}) {
    client->frame(0, bytes);
    const auto ack = client->next();
    EXPECT_EQ(TestClient::kind(ack), "frame_ack");
    EXPECT_EQ(ack.at("status"), "duplicate");
    EXPECT_EQ(client->waiting(), 0u) << "an ack or an error, never both";
  }
  ASSERT_EQ(engine.phrase().pushed.size(), 1u);
  EXPECT_EQ(*engine.phrase().pushed[0].frame.bytes, bytes_of("first"));
  EXPECT_EQ(session_stats().at("duplicate_frames"), 3);
  client->end(1);
  client->skip();
  client->frame(0, "first");
  EXPECT_EQ(client->next().at("status"), "duplicate") << "also after session_end";
}

TEST_F(BadInput, NoFrames) {
  auto client = started();
  client->end(0);
  const auto validation = client->next().at("validation");
  EXPECT_EQ(validation.at("valid"), false);
  EXPECT_EQ(validation.at("issues").as_array().at(0), "No frames were received");
  client->signal();
  EXPECT_EQ(client->next_kind(), "signal_ack");
  EXPECT_THAT(expect_error(*client, "PROCESSING_FAILED", false), HasSubstr("No frame was received"));
  EXPECT_EQ(registry().active(), 0u);
  client->start();
  EXPECT_EQ(client->next_kind(), "session_started");
}

TEST_F(BadInput, FewMissingAndLateFramesAreListedAndAnalysed) {
  auto client = started();
  for (const int number : {0, 1, 4, 3}) client->frame(number);
  client->skip();
  client->end(6);
  const auto validation = client->next().at("validation");
  EXPECT_EQ(validation.at("valid"), false);
  EXPECT_EQ(validation.at("issues").as_array().size(), 3u) << json::serialize(validation);
  EXPECT_EQ(validation.at("missing_frames"), 2);
  EXPECT_EQ(validation.at("out_of_order_frames"), 1);
  client->signal();
  client->skip();
  EXPECT_TRUE(engine.phrase().scoring_log);
  EXPECT_EQ(engine.phrase().streaming.missing_frames, 2);
  EXPECT_EQ(engine.phrase().streaming.out_of_order_frames, 1);
  engine.phrase().complete("{}");
  EXPECT_EQ(client->next_kind(), "process_complete");
}

TEST_F(BadInput, FramesAfterSessionEnd) {
  auto client = started();
  client->frames(0, 10);
  client->end(10);
  client->skip();
  client->frame(10);
  expect_error(*client, "FRAME_PROCESSING_FAILED", true);
  client->signal();
  EXPECT_EQ(client->next_kind(), "signal_ack");
  EXPECT_EQ(client->next_kind(), "process_start");
  client->frame(11);
  expect_error(*client, "FRAME_PROCESSING_FAILED", true);
  EXPECT_EQ(engine.phrase().pushed.size(), 10u);
}

TEST_F(BadInput, SessionEndWithANonsensicalTotal) {
  auto client = started();
  client->frames(0, 10);
  client->skip();
  client->text(R"({"type":"session_end","session_id":"s","total_frames":-3})");
  const auto validation = client->next().at("validation");
  EXPECT_EQ(validation.at("valid"), false);
  EXPECT_THAT(std::string(validation.at("issues").as_array().at(0).as_string()),
              HasSubstr("total_frames must be"));
}

TEST_F(BadInput, ABadScoringLogMayBeSentAgain) {
  auto client = started();
  client->frames(0, 10);
  client->end(10);
  client->skip();
  for (const char* log : {"", "BAD\x80\xFF"}) {
    client->signal(log);
    expect_error(*client, "PROCESSING_FAILED", true);
  }
  client->signal("Phrase 1");
  EXPECT_EQ(client->next_kind(), "signal_ack");
  EXPECT_EQ(client->next_kind(), "process_start");
}

TEST_F(BadInput, AScoringLogOverTheLimit) {
  limits.max_signal_bytes = 100;
  auto client = started();
  client->frames(0, 10);
  client->end(10);
  client->skip();
  client->signal(std::string(101, 'x'));
  expect_error(*client, "PROCESSING_FAILED", true);
  client->text(R"({"type":"signal","session_id":"s"})");
  client->binary(std::string(101, 'x'));
  expect_error(*client, "PROCESSING_FAILED", true);
  client->text(R"({"type":"signal","session_id":"s","size":"large"})");
  client->binary("Phrase 1");
  expect_error(*client, "PROCESSING_FAILED", true);
  client->signal();
  EXPECT_EQ(client->next_kind(), "signal_ack");
}

TEST_F(BadInput, ASignalDuringTheAnalysis) {
  auto client = processing();
  client->signal("another");
  expect_error(*client, "PROCESSING_FAILED", true);
  engine.phrase().complete("{}");
  EXPECT_EQ(client->next_kind(), "process_complete");
  EXPECT_EQ(engine.phrase().scoring_log, "Phrase 1");
}

TEST_F(BadInput, AFailedAnalysis) {
  auto client = processing();
  engine.phrase().fail("the artifacts cannot be written");
  EXPECT_EQ(expect_error(*client, "PROCESSING_FAILED", false), "the artifacts cannot be written");
  EXPECT_EQ(registry().active(), 0u);
  client->start("s");
  EXPECT_EQ(client->next_kind(), "session_started");
}

TEST_F(BadInput, TheUnexpectedIsAnInternalErrorWithoutDetails) {
  auto client = started();
  client->frame_header(0);
  EXPECT_EQ(client->binary("THROW"), Next::close);
  EXPECT_EQ(expect_error(*client, "INTERNAL_ERROR", false), "Internal server error");
  EXPECT_EQ(registry().active(), 0u);
}

TEST_F(BadInput, MetadataThatIsRefusedIsAnsweredAtOnceAndItsBytesMayBeLeftOut) {
  auto client = started();
  client->frame_header_as("-5");
  expect_error(*client, "FRAME_PROCESSING_FAILED", true);
  client->frame(0);
  EXPECT_EQ(client->next_kind(), "frame_ack");
}

}  // namespace
}  // namespace piste::session
