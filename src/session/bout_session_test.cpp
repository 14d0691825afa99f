// Sessions that are whole bouts: hits, phrases, and what a kill leaves of them.
#include <filesystem>
#include <fstream>

#include "session/killed_test.h"
#include "session/pistes.h"

namespace piste::session {
namespace {

using pipeline::Told;
using std::chrono::seconds;
namespace fs = std::filesystem;

constexpr const char* a_bout = R"(,"mode":"bout")";

pipeline::BoutPhrase phrase(int number) {
  pipeline::BoutPhrase made{number, 100.5, 104, {{types::Side::left, 103.2, true}}, false, "", {}};
  made.folder = "phrase-0" + std::to_string(number);
  made.outcome.result_json = R"({"winner":"left"})";
  made.outcome.winner = types::Winner::left;
  made.outcome.result_kept = made.outcome.video_kept = true;
  made.score = {number, 0};
  return made;
}

class BoutSession : public KilledTest {
 protected:
  std::unique_ptr<TestClient> fencing(const std::string& more = a_bout) {
    auto client = started("s", more);
    client->frames(0, 12);
    client->skip();
    return client;
  }
};

TEST_F(BoutSession, PhrasesAreToldWhileFramesCome) {
  const auto client = fencing();
  engine.bout().judge(phrase(1));
  const auto decision = client->next();
  EXPECT_EQ(decision.at("type"), "phrase_decision");
  EXPECT_EQ(decision.at("decision").as_object().at("winner"), "left");
  const auto told = client->next();
  EXPECT_EQ(told.at("type"), "phrase_complete");
  EXPECT_EQ(told.at("number"), 1);
  EXPECT_EQ(told.at("start"), 100.5);
  EXPECT_EQ(told.at("score").as_object().at("left"), 1);
  EXPECT_EQ(told.at("result").as_object().at("winner"), "left");
  client->frame(12);
  EXPECT_EQ(client->next_kind(), "frame_ack");
}

TEST_F(BoutSession, EndsWithoutALogAndTellsTheSummary) {
  const auto client = fencing();
  client->end(12);
  EXPECT_EQ(client->next_kind(), "session_ended");
  EXPECT_EQ(client->next_kind(), "process_start");
  EXPECT_TRUE(engine.bout().finished);
  engine.bout().complete(R"({"phrases":[]})");
  const auto complete = client->next();
  EXPECT_EQ(complete.at("type"), "process_complete");
  EXPECT_TRUE(complete.at("result").as_object().contains("phrases"));
  stop();
  EXPECT_FALSE(fs::exists(only_folder() / frame_log_name));
  EXPECT_TRUE(fs::exists(only_folder() / result_name));
}

TEST_F(BoutSession, ATouchIsHeardAndAnswered) {
  const auto client = fencing();
  client->text(R"({"type":"touch","side":"right","timestamp":1699276801.5,"valid":false})");
  const auto answer = client->next();
  EXPECT_EQ(answer.at("type"), "touch_ack");
  EXPECT_EQ(answer.at("side"), "right");
  client->text(R"({"type":"touch","side":"left"})");
  EXPECT_EQ(client->next_kind(), "touch_ack");
  const auto heard = engine.bout().heard();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[0].second, Told::by_client);
  EXPECT_EQ(heard[0].first.moment.at, 1699276801.5);
  const auto& lamp = std::get<boxes::Lamp>(heard[0].first.what);
  EXPECT_EQ(lamp.side, types::Side::right);
  EXPECT_EQ(lamp.state, boxes::LampState::off_target);
  EXPECT_EQ(heard[1].second, Told::by_hand) << "now";
}

TEST_F(BoutSession, ATouchThatIsWrongIsRefusedAndTheBoutGoesOn) {
  const auto client = fencing();
  for (const char* touch : {R"({"type":"touch"})", R"({"type":"touch","side":"middle"})",
                            R"({"type":"touch","side":"left","timestamp":"now"})",
                            R"({"type":"touch","side":"left","valid":1})"}) {
    client->text(touch);
    const auto answer = client->next();
    EXPECT_EQ(answer.at("error_code"), "TOUCH_REFUSED") << touch;
    EXPECT_EQ(answer.at("recoverable"), true);
  }
  EXPECT_TRUE(engine.bout().heard().empty());
}

TEST_F(BoutSession, TouchesAreForABoutWithoutABox) {
  auto client = started("one");
  client->frames(0, 12);
  client->skip();
  client->text(R"({"type":"touch","side":"left"})");
  EXPECT_EQ(client->next_kind(), "TOUCH_REFUSED");
  client = fencing(R"(,"mode":"bout","piste":"A")");
  client->text(R"({"type":"touch","side":"left"})");
  EXPECT_EQ(client->next_kind(), "TOUCH_REFUSED");
}

TEST_F(BoutSession, ThePicturesLagIsToldAndKnownToTheNextBoutThere) {
  const auto client = fencing(R"(,"mode":"bout","piste":"A")");
  EXPECT_FALSE(engine.bout().settings.picture_lag);
  engine.bout().observer.on_lag({.182, .009});
  const auto told = client->next();
  EXPECT_EQ(told.at("type"), "picture_lag");
  EXPECT_EQ(told.at("piste"), "A");
  EXPECT_EQ(told.at("lag_ms"), 182);
  EXPECT_EQ(told.at("lag"), "the picture lags the box by 182 +- 9 ms");
  client->text(R"({"type":"session_abort"})");
  fencing(R"(,"mode":"bout","piste":"A")");
  ASSERT_TRUE(engine.bout(1).settings.picture_lag);
  EXPECT_DOUBLE_EQ(engine.bout(1).settings.picture_lag->seconds, .182);
}

TEST_F(BoutSession, ThePistesBoxIsHeard) {
  const auto client = fencing(R"(,"mode":"bout","piste":"A")");
  registry().pistes().tell("A", {boxes::Lamp{.state = boxes::LampState::valid}, {5, .01}});
  registry().pistes().tell("B", {boxes::Lamp{.state = boxes::LampState::valid}, {6, .01}});
  const auto heard = engine.bout().heard();
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].first.moment.at, 5);
  EXPECT_EQ(heard[0].second, Told::by_box);
}

TEST_F(BoutSession, WhatStartsWrongIsRefused) {
  const auto client = connect();
  for (const char* more :
       {R"(,"mode":"match")", R"(,"piste":"../A")", R"(,"mode":"bout","piste":"../A")", R"(,"mode":7)"}) {
    client->start("s", more);
    EXPECT_EQ(client->next_kind(), "SESSION_START_FAILED") << more;
  }
}

TEST_F(BoutSession, ItsFramesMayBeH264) {
  const auto client = connect();
  client->start("s", R"(,"mode":"bout","encoding":"h264")");
  EXPECT_EQ(client->next_kind(), "session_started");
}

TEST_F(BoutSession, ResumedItTellsWhatTheClientHasNotHeard) {
  auto client = started("s", a_bout);
  const std::string token = client->token();
  client->frames(0, 12);
  engine.bout().judge(phrase(1));
  client->disconnect();
  engine.bout().judge(phrase(2));
  client = connect();
  client->text(R"({"type":"session_resume","session_id":"s","resume_token":")" + token + R"(","phrases":1})");
  EXPECT_EQ(client->next_kind(), "session_resumed");
  const auto told = client->next();
  EXPECT_EQ(told.at("type"), "phrase_complete");
  EXPECT_EQ(told.at("number"), 2);
  EXPECT_EQ(client->waiting(), 0U);
}

TEST_F(BoutSession, OneThatNobodyGoesOnWithEndsAndKeepsItsPhrases) {
  auto client = fencing();
  client->disconnect();
  pass(limits.idle_timeout + seconds(1));
  registry().sweep(now);
  ASSERT_TRUE(engine.bout().finished);
  engine.bout().complete("{}");
  EXPECT_TRUE(registry().result({"", "s"}));
}

TEST_F(BoutSession, GoesOnForHoursWithAMinuteOnTheDisk) {
  limits.bout_kept = seconds(2);
  const auto client = started("s", a_bout);
  client->frames(0, 20'000);
  EXPECT_EQ(session_stats().at("frames_received"), 20'000);
  EXPECT_LE(engine.bout().log.entries().size(), 61U);
  std::size_t files = 0;
  for (const auto& file : fs::recursive_directory_iterator(only_folder() / frame_log_name)) {
    ++files;
    EXPECT_LT(file.file_size(), 2000U);
  }
  EXPECT_LE(files, 14U);
}

TEST_F(BoutSession, MoreNumbersThanAPhraseMayHaveAreTaken) {
  limits.max_frames = 10;
  const auto client = started("s", a_bout);
  client->frames(0, 30);
  EXPECT_EQ(session_stats().at("rejected_frames"), 0);
}

TEST_F(BoutSession, APhrasesOwnFramesGoWhenItsFilesAreThere) {
  const auto client = fencing();
  engine.bout().judge(phrase(1));
  EXPECT_TRUE(fs::exists(only_folder() / "phrase-01"));
  EXPECT_FALSE(fs::exists(only_folder() / "phrase-01" / frame_log_name));
}

TEST_F(BoutSession, AKilledServersBoutGoesOn) {
  auto client = started("s", R"(,"mode":"bout","piste":"A")");
  const std::string token = client->token();
  client->frames(0, 12);
  killed_and_started();
  client = resumed(token);
  const auto greeting = client->next();
  EXPECT_EQ(greeting.at("state"), "RECEIVING_FRAMES");
  EXPECT_EQ(json::serialize(greeting.at("ranges")), "[[0,11]]");
  EXPECT_EQ(engine.bout(1).pushed.size(), 12U);
  registry().pistes().tell("A", {boxes::Lamp{.state = boxes::LampState::valid}, {5, .01}});
  EXPECT_EQ(engine.bout(1).heard().size(), 1U);
}

// Where decoding can begin is known behind the kill, and the camera need not begin with a key unit.
TEST_F(BoutSession, AKilledServersBoutOfH264GoesOnAmidItsUnits) {
  auto client = started("s", R"(,"mode":"bout","encoding":"h264")");
  const std::string token = client->token();
  const auto unit = [&](int number) {
    client->text(R"({"type":"frame","session_id":"s","encoding":"h264","frame_number":)" +
                 std::to_string(number) + "}");
    client->binary(number % 5 == 0 ? "KEY" : "unit");
  };
  for (int i = 0; i < 12; ++i) unit(i);
  client->disconnect();
  killed_and_started();
  client = resumed(token);
  EXPECT_EQ(json::serialize(client->next().at("ranges")), "[[0,11]]");
  unit(12);
  EXPECT_EQ(client->next_kind(), "frame_ack");
  EXPECT_EQ(engine.bout(1).pushed.size(), 13U);
  const auto units = engine.bout(1).log.entries();
  ASSERT_EQ(units.size(), 13U);
  for (std::size_t i = 0; i < units.size(); ++i) {
    EXPECT_EQ(units[i].encoding, types::Encoding::h264);
    EXPECT_EQ(units[i].key, i % 5 == 0) << i;
  }
}

TEST_F(BoutSession, WhatALongBoutHasLeftBehindCountsAsReceived) {
  limits.bout_kept = seconds(1);
  auto client = started("s", a_bout);
  const std::string token = client->token();
  client->frames(0, 200);
  killed_and_started();
  client = resumed(token);
  EXPECT_EQ(json::serialize(client->next().at("ranges")), "[[0,199]]");
}

TEST_F(BoutSession, KilledBehindSessionEndItIsFinishedAtTheNextStart) {
  auto client = fencing();
  client->end(12);
  killed_and_started();
  ASSERT_TRUE(engine.bout(1).finished);
  engine.bout(1).complete("{}");
  EXPECT_TRUE(registry().result({"", "s"}));
}

}  // namespace
}  // namespace piste::session
