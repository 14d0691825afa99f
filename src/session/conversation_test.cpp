// The guide's message flow as it should go.
#include "session/conversation.h"

#include "session/test_client.h"

namespace piste::session {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ConversationTest : public SessionTest {};

TEST_F(ConversationTest, TheGuidesFlow) {
  auto client = connect();
  client->text(R"({"type":"session_start","session_id":"phrase_20251106_123045","fps":30.0,"width":1920,)"
               R"("height":1080,"expected_frames":12,"video_format":"bgr24"})");
  auto answer = client->next();
  EXPECT_EQ(answer.at("type"), "session_started");
  EXPECT_EQ(answer.at("session_id"), "phrase_20251106_123045");

  for (int i = 0; i < 12; ++i) {
    client->text(R"({"type":"frame","session_id":"phrase_20251106_123045","frame_number":)" +
                 std::to_string(i) +
                 R"(,"timestamp":1699276800.123,"encoding":"jpeg","quality":85,"size":7})");
    EXPECT_EQ(client->waiting(), 0u) << "the answer follows the bytes";
    client->binary("picture");
    answer = client->next();
    EXPECT_EQ(answer.at("type"), "frame_ack");
    EXPECT_EQ(answer.at("session_id"), "phrase_20251106_123045");
    EXPECT_EQ(answer.at("frame_number"), i);
    EXPECT_EQ(answer.at("status"), "received");
  }

  client->text(R"({"type":"session_end","session_id":"phrase_20251106_123045","total_frames":12})");
  answer = client->next();
  EXPECT_EQ(answer.at("type"), "session_ended");
  EXPECT_EQ(answer.at("validation"),
            json::parse(R"({"valid":true,"issues":[],"frame_count":12,"missing_frames":0,"duplicate_frames":0,
                            "out_of_order_frames":0,"has_signal":false,"rejected_frames":0,"size_mismatches":0})"));

  client->text(R"({"type":"signal","session_id":"phrase_20251106_123045","filename":"phrase.txt","size":8})");
  client->binary("Phrase 1");
  EXPECT_EQ(json::serialize(client->next()),
            R"({"type":"signal_ack","session_id":"phrase_20251106_123045","status":"received"})");
  EXPECT_EQ(json::serialize(client->next()),
            R"({"type":"process_start","session_id":"phrase_20251106_123045"})");

  engine.phrase().progress("fisheye", 0.5);
  answer = client->next();
  EXPECT_EQ(answer.at("type"), "process_progress");
  EXPECT_EQ(answer.at("stage"), "fisheye");
  EXPECT_EQ(answer.at("progress"), 0.5);
  EXPECT_EQ(answer.at("message"), "fisheye...");

  engine.phrase().complete(R"({"decision":{"winner":"left"}})");
  answer = client->next();
  EXPECT_EQ(answer.at("type"), "process_complete");
  EXPECT_EQ(answer.at("result").at("decision").at("winner"), "left");
  EXPECT_EQ(client->waiting(), 0u);
}

TEST_F(ConversationTest, TheEngineGetsFramesLogAndSettings) {
  auto client =
      started("s", R"(,"weapon":"foil","include_keypoints":true,"save_overlay":false,)"
                   R"("fencers":[[900,300],[320,310]],"piste_corners":[[0,400],[1280,400],[640,700]])");
  client->frame(0, "first");
  client->frame(1, "second");
  client->end(2);
  client->signal("Phrase 7 initialized");

  auto& phrase = engine.phrase();
  EXPECT_EQ(phrase.settings.id, "s");
  EXPECT_EQ(phrase.settings.width, 1280);
  EXPECT_EQ(phrase.settings.height, 720);
  EXPECT_EQ(phrase.settings.fps, 30);
  EXPECT_EQ(phrase.settings.weapon, types::Weapon::foil);
  ASSERT_TRUE(phrase.settings.marks.fencers);
  EXPECT_EQ(phrase.settings.marks.fencers->left, (types::Spot{320, 310}));
  EXPECT_EQ(phrase.settings.marks.piste.size(), 3u);
  EXPECT_TRUE(phrase.settings.include_keypoints);
  EXPECT_FALSE(phrase.settings.save_overlay);
  EXPECT_EQ(phrase.settings.started, now);
  EXPECT_EQ(phrase.settings.directory.parent_path(), limits.output_dir);
  ASSERT_EQ(phrase.pushed.size(), 2u);
  EXPECT_EQ(phrase.pushed[1].index, 1u);
  EXPECT_EQ(phrase.pushed[1].frame.number, 1);
  EXPECT_EQ(phrase.pushed[1].frame.timestamp, 1699276800.5);
  EXPECT_EQ(*phrase.pushed[1].frame.bytes, bytes_of("second"));
  EXPECT_EQ(*phrase.log.read(1)->bytes, bytes_of("second")) << "on disk before it was acknowledged";
  EXPECT_EQ(phrase.scoring_log, "Phrase 7 initialized");
  EXPECT_EQ(phrase.streaming.frames_received, 2);
  EXPECT_EQ(phrase.streaming.bytes_received, 11u);
}

TEST_F(ConversationTest, TheVerdictGoesOutFirstAndIsNeverDropped) {
  auto client = processing();
  engine.phrase().progress("yolo", 0.5);
  engine.phrase().progress("decision", 0);
  EXPECT_EQ(client->droppable(), 2);
  client->skip();
  engine.phrase().progress("decision", 1, R"({"winner":"right"})");
  EXPECT_EQ(client->next().at("decision").at("winner"), "right");
  EXPECT_EQ(client->droppable(), 2);
  engine.phrase().complete("{}");
  EXPECT_EQ(client->droppable(), 2);
}

TEST_F(ConversationTest, NoProgressBeforeProcessStart) {
  auto client = started();
  client->frames(0, 10);
  client->skip();
  engine.phrase().progress("yolo", 0.5);
  EXPECT_EQ(client->waiting(), 0u) << "clients that wait for an ack would take it for one";
}

TEST_F(ConversationTest, ProgressIsThrottledWithinAStage) {
  auto client = processing();
  for (int i = 0; i < 500; ++i) engine.phrase().progress("yolo", i / 1000.0);
  EXPECT_LT(client->waiting(), 50u);
  engine.phrase().progress("yolo", 1);
  json::object last;
  while (client->waiting() > 0) last = client->next();
  EXPECT_EQ(last.at("progress"), 1);
}

TEST_F(ConversationTest, ProgressStaysWithinZeroAndOne) {
  auto client = processing();
  engine.phrase().progress("yolo", -3);
  EXPECT_EQ(client->next().at("progress"), 0);
  engine.phrase().progress("fisheye", std::nan(""));
  EXPECT_EQ(client->next().at("progress"), 0);
  engine.phrase().progress("overlay", 7);
  EXPECT_EQ(client->next().at("progress"), 1);
}

TEST_F(ConversationTest, ASignalBeforeSessionEndIsKeptUntilThen) {
  auto client = started();
  client->frames(0, 5);
  client->signal();
  client->frames(5, 10);
  client->skip();
  EXPECT_FALSE(engine.phrase().scoring_log);
  client->end(10);
  const auto ended = client->next();
  EXPECT_EQ(ended.at("type"), "session_ended");
  EXPECT_EQ(ended.at("validation").at("has_signal"), true);
  EXPECT_EQ(client->next_kind(), "process_start");
  EXPECT_TRUE(engine.phrase().scoring_log);
}

TEST_F(ConversationTest, AnotherSignalBeforeSessionEndReplacesTheFirst) {
  auto client = started();
  client->frames(0, 10);
  client->signal("one");
  client->signal("two");
  client->end(10);
  EXPECT_EQ(engine.phrase().scoring_log, "two");
}

TEST_F(ConversationTest, SessionEndMayBeRepeated) {
  auto client = started();
  client->frames(0, 10);
  client->skip();
  client->end(12);
  EXPECT_EQ(client->next().at("validation").at("missing_frames"), 2);
  client->end(10);
  EXPECT_EQ(client->next().at("validation").at("valid"), true);
}

TEST_F(ConversationTest, AfterTheResultTheSameConnectionMayStartAgain) {
  auto client = processing();
  engine.phrase().complete("{}");
  EXPECT_EQ(client->next_kind(), "process_complete");
  EXPECT_EQ(registry().active(), 0u);
  client->start("s");
  EXPECT_EQ(client->next_kind(), "session_started") << "the id is free again";
  client->frame(0);
  EXPECT_EQ(client->next_kind(), "frame_ack");
}

TEST_F(ConversationTest, PingIsAnsweredWithPong) {
  auto client = connect();
  client->text(R"({"type": "ping"})");
  EXPECT_EQ(json::serialize(client->next()), R"({"type":"pong","session_id":null})");
  client->start("mine");
  client->skip();
  client->text(R"({"type":"ping","id":17,"timestamp":12.5})");
  const auto pong = client->next();
  EXPECT_EQ(pong.at("session_id"), "mine");
  EXPECT_EQ(pong.at("id"), 17);
  EXPECT_EQ(pong.at("timestamp"), 12.5);
}

TEST_F(ConversationTest, AbortFreesTheSession) {
  auto client = started();
  client->frames(0, 3);
  client->skip();
  client->abort();
  EXPECT_EQ(json::serialize(client->next()), R"({"type":"session_aborted","session_id":"s"})");
  EXPECT_EQ(registry().active(), 0u);
  client->start("s");
  EXPECT_EQ(client->next_kind(), "session_started");
  client->abort();
  client->disconnect();
  stop();
  EXPECT_EQ(folders(), 0u);
}

TEST_F(ConversationTest, AbortDuringAnalysisEndsItWithoutAResult) {
  auto client = processing();
  client->abort();
  EXPECT_EQ(client->next_kind(), "session_aborted");
  engine.phrase().complete("{}");
  EXPECT_EQ(client->waiting(), 0u);
}

TEST_F(ConversationTest, SessionsOfSeveralConnectionsDoNotMix) {
  auto one = started("one");
  auto two = started("two");
  one->frame(0, "from one");
  two->frame(0, "from two");
  EXPECT_EQ(*engine.phrase(0).pushed[0].frame.bytes, bytes_of("from one"));
  EXPECT_EQ(*engine.phrase(1).pushed[0].frame.bytes, bytes_of("from two"));
  EXPECT_EQ(one->session_id(), "one");
  EXPECT_NE(engine.phrase(0).settings.directory, engine.phrase(1).settings.directory);
}

TEST_F(ConversationTest, FieldsThatAreMissingOrNullWhereTheyMayBe) {
  auto client = started();
  client->text(R"({"type":"frame","frame_number":0,"timestamp":null,"encoding":"jpg"})");
  client->binary("picture");
  EXPECT_EQ(client->next().at("status"), "received");
  EXPECT_FALSE(engine.phrase().pushed[0].frame.timestamp);
  client->text(R"({"type":"session_end"})");
  EXPECT_EQ(client->next_kind(), "session_ended");
}

}  // namespace
}  // namespace piste::session
