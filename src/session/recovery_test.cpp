// What a killed server finds at its next start. A killed registry is a copy of its folder while it lived.
#include <deque>
#include <fstream>

#include "recording/frame_log.h"
#include "session/backlog.h"
#include "session/conversation.h"
#include "session/phrase_directory.h"
#include "session/session_file.h"
#include "session/test_client.h"

namespace piste::session {
namespace {

using std::chrono::seconds;
namespace fs = std::filesystem;

class Recovery : public SessionTest {
 protected:
  ~Recovery() override { stop(); }  // before its folders go

  // What is on disk at this moment, as kill -9 leaves it, found by the next start.
  void killed_and_started() {
    const fs::path& copy = copies_.emplace_back().path();
    fs::copy(limits.output_dir, copy, fs::copy_options::recursive);
    stop();
    limits.output_dir = copy;
    registry().recover(now);
  }
  // Stopped in order, and started again.
  void restarted() {
    stop();
    registry().recover(now);
  }
  fs::path only_folder() const { return fs::directory_iterator(limits.output_dir)->path(); }
  FakePhrase& last_phrase() { return engine.phrase(engine.phrases() - 1); }

 private:
  std::deque<test::TempDir> copies_;
};

TEST_F(Recovery, AnOpenSessionIsResumed) {
  auto client = started("s", R"(,"weapon":"foil","expected_frames":40)");
  client->frames(0, 5);
  client->frame(7, "the seventh");
  const std::string token = client->token();
  killed_and_started();
  EXPECT_EQ(registry().active(), 0u);
  auto fresh = resumed(token);
  const auto answer = fresh->next();
  EXPECT_EQ(answer.at("state"), "RECEIVING_FRAMES");
  EXPECT_EQ(answer.at("ranges"), json::parse("[[0,4],[7,7]]"));
  auto& phrase = last_phrase();
  EXPECT_EQ(phrase.settings.weapon, types::Weapon::foil);
  ASSERT_EQ(phrase.pushed.size(), 6u) << "the analysis starts again with what is there";
  EXPECT_EQ(*phrase.log.read(5)->bytes, bytes_of("the seventh"));
  fresh->frame(5);
  EXPECT_EQ(fresh->next().at("status"), "received");
  fresh->frame(90);
  EXPECT_EQ(fresh->next_kind(), "frame_ack");
  fresh->frame(390);
  EXPECT_EQ(fresh->next_kind(), "FRAME_PROCESSING_FAILED") << "the limits of its start hold";
  fresh->end(8);
  fresh->signal();
  fresh->skip();
  phrase.complete(R"({"winner":"left"})");
  EXPECT_EQ(fresh->next_kind(), "process_complete");
}

TEST_F(Recovery, ATornLastRecordIsDropped) {
  auto client = started();
  client->frames(0, 5);
  const std::string token = client->token();
  const fs::path log = only_folder() / frame_log_name;
  fs::resize_file(log, fs::file_size(log) - 3);
  killed_and_started();
  auto fresh = resumed(token);
  EXPECT_EQ(fresh->next().at("ranges"), json::parse("[[0,3]]"));
  fresh->frame(4);
  EXPECT_EQ(fresh->next().at("status"), "received");
}

TEST_F(Recovery, ASessionThatHasEndedWaitsForItsSignal) {
  auto client = started();
  client->frames(0, 12);
  client->end(12);
  const std::string token = client->token();
  killed_and_started();
  auto fresh = resumed(token);
  EXPECT_EQ(fresh->next().at("state"), "FRAMES_COMPLETE");
  fresh->signal("Phrase 1");
  EXPECT_EQ(fresh->next_kind(), "signal_ack");
  EXPECT_EQ(fresh->next_kind(), "process_start");
}

TEST_F(Recovery, ASignalThatWasAcknowledgedIsThere) {
  auto client = started();
  client->frames(0, 12);
  client->signal("Phrase 7");
  const std::string token = client->token();
  killed_and_started();
  auto fresh = resumed(token);
  EXPECT_EQ(fresh->next().at("has_signal"), true);
  fresh->end(12);
  EXPECT_EQ(fresh->next_kind(), "session_ended");
  EXPECT_EQ(fresh->next_kind(), "process_start");
  EXPECT_EQ(last_phrase().scoring_log, "Phrase 7");
}

TEST_F(Recovery, AnAnalysisThatWasCutIsDoneAgain) {
  auto client = processing();
  const std::string token = client->token();
  killed_and_started();
  auto& phrase = last_phrase();
  EXPECT_EQ(phrase.pushed.size(), 12u);
  EXPECT_EQ(phrase.scoring_log, "Phrase 1");
  EXPECT_EQ(phrase.streaming.frames_received, 12);
  auto fresh = resumed(token);
  EXPECT_EQ(fresh->next().at("state"), "PROCESSING");
  phrase.progress("decision", 1, R"({"winner":"left"})");
  EXPECT_EQ(fresh->next().at("stage"), "decision");
  phrase.complete(R"({"winner":"left"})");
  EXPECT_EQ(fresh->next_kind(), "process_complete");
}

TEST_F(Recovery, AFewAtATime) {
  std::vector<std::unique_ptr<TestClient>> clients;
  for (const std::string id : {"a", "b", "c", "d"}) clients.push_back(processing(id));
  killed_and_started();
  EXPECT_EQ(engine.phrases(), 4u + Backlog::at_once);
  engine.phrase(4).complete("{}");
  while (engine.phrases() < 7) std::this_thread::yield();
  engine.phrase(5).complete("{}");
  while (engine.phrases() < 8) std::this_thread::yield();
}

TEST_F(Recovery, NotForEver) {
  auto client = processing();
  const std::string token = client->token();
  for (int round = 0; round < 5; ++round) killed_and_started();
  EXPECT_EQ(engine.phrases(), 1u + 3u) << "a phrase that ends the server each time";
  EXPECT_EQ(folders(), 1u) << "its frames stay for whoever looks into it";
}

TEST_F(Recovery, ResultsAreFoundByTheirIds) {
  auto client = processing();
  const std::string token = client->token();
  std::ofstream(only_folder() / result_name) << R"({"winner":"left"})";
  engine.phrase().complete(R"({"winner":"left"})");
  restarted();
  EXPECT_EQ(engine.phrases(), 1u) << "nothing is analysed again";
  auto fresh = resumed(token);
  EXPECT_EQ(fresh->next().at("state"), "COMPLETE");
  EXPECT_EQ(fresh->next().at("result").at("winner"), "left");
  EXPECT_EQ(registry().result({"", "s"}).value(), R"({"winner":"left"})");
  EXPECT_EQ(registry().status({"other", "s"}, now).kind, Status::Kind::unknown);
}

TEST_F(Recovery, TheFramesAreThereUntilTheResultIsKnownToBe) {
  auto client = processing();
  std::ofstream(only_folder() / result_name) << "{}";
  engine.phrase().complete("{}");
  stop();
  const auto record = read_session_file(only_folder());
  ASSERT_TRUE(record);
  EXPECT_EQ(record->stage, SessionRecord::Stage::complete);
  EXPECT_FALSE(fs::exists(only_folder() / frame_log_name));
}

TEST_F(Recovery, TenLiveSessionsOutliveAStop) {
  std::vector<std::pair<std::string, std::string>> tokens;
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 10; ++i) {
    const std::string id = "s" + std::to_string(i);
    clients.push_back(i == 9 ? processing(id) : started(id));
    if (i < 9) clients.back()->frames(0, i);
    tokens.emplace_back(id, clients.back()->token());
  }
  registry().refuse_new();
  for (auto& client : clients) client->disconnect();
  restarted();
  for (int i = 0; i < 10; ++i) {
    auto fresh =
        resumed(tokens[static_cast<std::size_t>(i)].second, tokens[static_cast<std::size_t>(i)].first);
    const auto answer = fresh->next();
    EXPECT_EQ(answer.at("type"), "session_resumed");
    const auto& ranges = answer.at("ranges").as_array();
    const int frames = i == 9 ? 12 : i;
    EXPECT_EQ(ranges.empty() ? 0 : ranges[0].as_array()[1].as_int64() + 1, frames);
  }
}

TEST_F(Recovery, NobodyComesForIt) {
  auto client = started();
  client->frames(0, 5);
  killed_and_started();
  pass(seconds(300));
  registry().sweep(now);
  stop();
  EXPECT_EQ(folders(), 0u);
}

TEST_F(Recovery, TheNewestOfSeveralWithOneIdHasIt) {
  auto older = processing();
  older->disconnect();
  auto newer = started();
  newer->frames(0, 3);
  const std::string token = newer->token();
  // Names have seconds in them; these two are from the same one.
  for (const auto& folder : fs::directory_iterator(limits.output_dir)) {
    const bool is_older = fs::exists(folder.path() / signal_name);
    fs::path named = folder.path();
    named.replace_filename(is_older ? "20250101T000000Z-0000000000000000"
                                    : "20250102T000000Z-0000000000000000");
    fs::copy(folder.path(), named, fs::copy_options::recursive);
  }
  stop();
  for (const auto& folder : fs::directory_iterator(limits.output_dir)) {
    if (!folder.path().filename().string().starts_with("2025010")) fs::remove_all(folder.path());
  }
  registry().recover(now);
  EXPECT_EQ(resumed(token)->next().at("ranges"), json::parse("[[0,2]]"));
  EXPECT_EQ(engine.phrase(2).scoring_log, "Phrase 1") << "the older one is analysed all the same";
}

TEST_F(Recovery, WhatIsNoSessionStaysAsItIs) {
  const fs::path mine = limits.output_dir / "my notes";
  const fs::path upload = limits.output_dir / "20250101T000000Z-0123456789abcdef";
  const fs::path empty = limits.output_dir / "20250101T000000Z-00000000000000ff";
  const fs::path broken = limits.output_dir / "20250101T000000Z-00000000000000aa";
  for (const auto& folder : {mine, upload, empty, broken}) fs::create_directory(folder);
  std::ofstream(mine / "a.txt") << "x";
  std::ofstream(upload / "phrase.mp4") << "x";
  std::ofstream(broken / session_file_name) << "{\"session_id\":";
  recording::FrameLog::create(empty / frame_log_name, {64, 64, 30}).value();
  registry().recover(now);
  EXPECT_TRUE(fs::exists(mine / "a.txt"));
  EXPECT_TRUE(fs::exists(upload / "phrase.mp4"));
  EXPECT_TRUE(fs::exists(broken / session_file_name));
  EXPECT_FALSE(fs::exists(empty)) << "its session was never answered";
}

TEST_F(Recovery, OneServiceAtATimeTakesAFolderOver) {
  auto client = started();
  registry().recover(now);
  Registry second(engine, limits);
  second.recover(now);
  EXPECT_EQ(engine.phrases(), 1u);
  EXPECT_EQ(second.status({"", "s"}, now).kind, Status::Kind::unknown);
}

TEST_F(Recovery, OnlyTheHashOfTheTokenIsStored) {
  auto client = started();
  std::ifstream file(only_folder() / session_file_name);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(text.find(client->token()), std::string::npos);
  EXPECT_NE(text.find("\"session_id\":\"s\""), std::string::npos);
}

TEST(SessionFile, ReadsBackTheSame) {
  SessionRecord record;
  record.owner = "salle \"a\"";
  record.start.session_id = "phrase é";
  record.start.fps = 59.94;
  record.start.width = 1920;
  record.start.height = 1080;
  record.start.expected_frames = 900;
  record.start.weapon = types::Weapon::epee;
  record.start.include_keypoints = true;
  record.start.save_overlay = false;
  record.token_hash = "00ff";
  record.stage = SessionRecord::Stage::ended;
  record.total_frames = 899;
  record.attempts = 2;
  const auto again = parse_session_record(print(record));
  ASSERT_TRUE(again);
  EXPECT_EQ(print(*again), print(record));
  EXPECT_EQ(again->start.fps, 59.94);
  for (const char* wrong : {"", "null", "[]", "{}", R"({"owner":"a","token_hash":1})"}) {
    EXPECT_FALSE(parse_session_record(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace piste::session
