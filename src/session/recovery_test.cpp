// What a killed server finds at its next start.
#include <atomic>
#include <fstream>
#include <future>

#include "recording/frame_log.h"
#include "session/backlog.h"
#include "session/conversation.h"
#include "session/folder_lock.h"
#include "session/killed_test.h"
#include "session/phrase_folder.h"
#include "session/session_file.h"
#include "session/upload.h"
#include "support/stopping_disk.h"

namespace piste::session {
namespace {

using std::chrono::seconds;
namespace fs = std::filesystem;

class Recovery : public KilledTest {
 protected:
  // Stopped in order, and started again.
  void restarted() {
    stop();
    registry().recover(now);
  }
  std::optional<SessionRecord> record_in(const fs::path& folder) const {
    const auto taken = PhraseFolder::take({recording::system_disk(), limits.output_dir}, folder);
    return taken ? taken->record() : std::nullopt;
  }
  FakePhrase& last_phrase() { return engine.phrase(engine.phrases() - 1); }
};

// Counts calls for what is in a phrase's folder, and those while nobody holds it.
class HeldFolderDisk : public test::ForwardingDisk {
 public:
  void watch() { watched_ = true; }
  int calls() const { return calls_; }
  int unheld() const { return unheld_; }

  int sync(int file) override {
    look(fs::read_symlink("/proc/self/fd/" + std::to_string(file)));
    return ForwardingDisk::sync(file);
  }
  int rename(const fs::path& from, const fs::path& to) override {
    look(from);
    return ForwardingDisk::rename(from, to);
  }
  int remove(const fs::path& path) override {
    look(path);
    return ForwardingDisk::remove(path);
  }

 private:
  void look(const fs::path& file) {
    if (!watched_ || !PhraseFolder::is_name(file.parent_path().filename().string())) return;
    ++calls_;
    if (FolderLock::take(file.parent_path())) ++unheld_;
  }

  std::atomic<bool> watched_ = false;
  std::atomic<int> calls_ = 0;
  std::atomic<int> unheld_ = 0;
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
  EXPECT_EQ(registry().status({"", "s"}, now).kind, Status::Kind::failed);
  pass(seconds(1000));
  registry().sweep(now);
  pass(seconds(1000));
  registry().sweep(now);
  EXPECT_EQ(resumed(token)->next().at("state"), "FAILED") << "as long as its folder is there";
}

TEST_F(Recovery, StopsInOrderAreNoCrashes) {
  auto client = processing();
  for (int round = 0; round < 5; ++round) restarted();
  EXPECT_EQ(engine.phrases(), 1u + 5u);
  killed_and_started();
  EXPECT_EQ(registry().status({"", "s"}, now).kind, Status::Kind::processing);
  last_phrase().complete("{}");
  EXPECT_EQ(registry().result({"", "s"}).value(), "{}");
}

TEST_F(Recovery, ARepeatedSessionEndDoesNotGoBackNorResetTheCount) {
  auto client = processing();
  const std::string token = client->token();
  killed_and_started();
  const fs::path folder = last_phrase().settings.directory;
  auto fresh = resumed(token);
  fresh->end(12);
  stop();
  limits.output_dir = folder.parent_path();
  EXPECT_EQ(record_in(folder)->attempts, 0) << "stopped in order";
  EXPECT_EQ(record_in(folder)->stage, SessionRecord::Stage::ended);
  const Shelf shelf{recording::system_disk(), limits.output_dir, Fsync::end};
  const auto taken = PhraseFolder::take(shelf, folder);
  ASSERT_TRUE(taken->begin_attempt().ok());
  ASSERT_TRUE(taken->end(12).ok());
  EXPECT_EQ(taken->record()->attempts, 1);
  ASSERT_TRUE(taken->put_result("{}").ok());
  ASSERT_TRUE(taken->conclude(false).ok());
  ASSERT_TRUE(taken->end(11).ok());
  EXPECT_EQ(taken->record()->stage, SessionRecord::Stage::judged);
}

TEST_F(Recovery, EachFrameIsSyncedAfterARestartToo) {
  class Counting : public test::ForwardingDisk {
   public:
    int sync(int file) override { return ++syncs, ForwardingDisk::sync(file); }
    std::atomic<int> syncs = 0;
  } counting;
  disk = &counting;
  limits.fsync = Fsync::frame;
  auto client = started();
  client->frames(0, 3);
  const std::string token = client->token();
  killed_and_started();
  auto fresh = resumed(token);
  for (int number = 3; number < 10; ++number) {
    const int before = counting.syncs;
    fresh->frame(number);
    EXPECT_GT(counting.syncs, before);
  }
  stop();
}

TEST_F(Recovery, FramesStayUntilThereIsRoomForTheirVideo) {
  auto client = processing();
  engine.room_for_videos = false;
  engine.phrase().keeps_video = false;
  const fs::path folder = only_folder();
  engine.phrase().complete("{}");
  restarted();
  registry().tend(now);
  EXPECT_TRUE(fs::exists(folder / frame_log_name));
  EXPECT_EQ(registry().result({"", "s"}).value(), "{}");
  EXPECT_EQ(engine.phrases(), 1u) << "it is judged, and not judged again";
  engine.room_for_videos = true;
  pass(seconds(10));
  registry().tend(now);
  EXPECT_FALSE(fs::exists(folder / frame_log_name));
  EXPECT_TRUE(fs::exists(folder / "phrase.mkv"));
  stop();
  EXPECT_EQ(record_in(folder)->stage, SessionRecord::Stage::complete);
}

TEST_F(Recovery, AResultThatFoundNoRoomIsStoredLater) {
  auto client = processing();
  const fs::path folder = only_folder();
  engine.phrase().keeps_result = engine.phrase().keeps_video = false;
  engine.phrase().complete(R"({"winner":"left"})");
  while (!fs::exists(folder / result_name)) std::this_thread::yield();
  restarted();
  EXPECT_EQ(registry().result({"", "s"}).value(), R"({"winner":"left"})");
}

TEST_F(Recovery, AnUploadThatWasCutGoesWithTheNextStart) {
  auto upload = Upload::begin(registry(), now).value();
  std::ofstream(upload->video_path("mp4")) << "the first megabytes";
  const test::TempDir copy;
  copy_as_it_is(limits.output_dir, copy.path());
  upload.reset();  // it needs its registry
  stop();
  limits.output_dir = copy.path();
  EXPECT_EQ(folders(), 1u);
  registry().recover(now);
  EXPECT_EQ(folders(), 0u);
  stop();
}

TEST_F(Recovery, WhatAnotherServiceHoldsIsLeftToItAndTakenWhenItEnds) {
  auto client = started();
  client->frames(0, 5);
  const std::string token = client->token();
  Registry second(engine, limits);
  second.recover(now);
  EXPECT_EQ(second.status({"", "s"}, now).kind, Status::Kind::unknown);
  Registry third(engine, limits);
  third.recover(now);
  client->frames(5, 8);
  TestClient early(third, now);
  early.resume("s", token);
  EXPECT_GT(early.next().at("retry_after").as_int64(), 0) << "soon it will let go";
  TestClient stranger(second, now);
  stranger.resume("s", "another token");
  EXPECT_FALSE(stranger.next().contains("retry_after"));
  stop();
  pass(seconds(10));
  third.tend(now);
  second.tend(now);
  // One of them has it: the second, if a thread of its own has looked just before the third.
  const auto has = [&](const Registry& one) {
    return one.status({"", "s"}, now).kind != Status::Kind::unknown;
  };
  EXPECT_NE(has(second), has(third));
  TestClient fresh(has(third) ? third : second, now);
  fresh.resume("s", token);
  EXPECT_EQ(fresh.next().at("ranges"), json::parse("[[0,7]]"));
}

TEST_F(Recovery, WhoAsksForWhatAnotherServiceHasLetGoGetsItAtOnce) {
  auto client = started();
  client->frames(0, 5);
  const std::string token = client->token();
  Registry second(engine, limits);
  second.recover(now);
  stop();
  TestClient fresh(second, now);
  fresh.resume("s", token);
  EXPECT_EQ(fresh.next().at("ranges"), json::parse("[[0,4]]"));
}

TEST_F(Recovery, WhoAsksBeforeAllIsOpenedIsNotSentAway) {
  auto client = started();
  client->frames(0, 5);
  const std::string token = client->token();
  stop();
  registry().find_left();
  EXPECT_EQ(resumed(token)->next().at("ranges"), json::parse("[[0,4]]"));
}

// Its log is long, and being read: it is known all the while.
TEST_F(Recovery, WhatIsJustBeingOpenedIsKnown) {
  class SlowToOpen : public test::ForwardingDisk {
   public:
    int open(const fs::path& path, int flags) override {
      if (holds && path.filename() == frame_log_name) {
        opening.set_value();
        opened.get_future().wait();
      }
      return ForwardingDisk::open(path, flags);
    }
    std::atomic<bool> holds = false;
    std::promise<void> opening, opened;
  } slow;
  disk = &slow;
  started("open")->frames(0, 5);
  processing("judged");
  stop();
  for (const char* id : {"open", "judged"}) {
    slow.opening = {};
    slow.opened = {};
    const SessionKey key{"", id};
    slow.holds = true;
    registry().find_left();
    TestClient client(registry(), now);
    auto asking = std::async(std::launch::async, [&] { client.resume(id, "whatever"); });
    slow.opening.get_future().wait();
    slow.holds = false;
    const bool judged = key.id == "judged";
    const auto kind = judged ? Status::Kind::processing : Status::Kind::receiving;
    EXPECT_EQ(registry().status(key, now).kind, kind);
    EXPECT_EQ(registry().result(key).error().code, kind);
    slow.opened.set_value();
    asking.get();
    EXPECT_EQ(registry().status(key, now).kind, kind);
    client.disconnect();
    stop();
  }
}

TEST_F(Recovery, ARefusedStartTakesNothingFromThePhraseThatWaits) {
  limits.sessions_per_hour = 1;
  auto client = started();
  client->frames(0, 5);
  const std::string token = client->token();
  client->disconnect();
  auto stranger = connect();
  stranger->start();
  EXPECT_EQ(stranger->next_kind(), "SESSION_START_FAILED");
  EXPECT_EQ(resumed(token)->next().at("ranges"), json::parse("[[0,4]]"));
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
  const auto record = record_in(only_folder());
  ASSERT_TRUE(record);
  EXPECT_EQ(record->stage, SessionRecord::Stage::complete);
  EXPECT_FALSE(fs::exists(only_folder() / frame_log_name));
}

TEST_F(Recovery, AStopInOrderBringsAllToTheDisk) {
  test::StoppingDisk all(1'000'000);
  disk = &all;
  limits.fsync = Fsync::end;
  auto client = started();
  client->frames(0, 4);
  const std::string token = client->token();
  stop();
  const test::TempDir after;
  all.power_cut(limits.output_dir, after.path(), test::StoppingDisk::Kept::as_synced);
  limits.output_dir = after.path();
  registry().recover(now);
  EXPECT_EQ(resumed(token)->next().at("ranges"), json::parse("[[0,3]]"));
  stop();
}

// Whoever finds the folder free may read it: nothing of this run comes into it any more.
TEST_F(Recovery, AStopHoldsTheFolderUntilAllIsOnTheDisk) {
  HeldFolderDisk watched;
  disk = &watched;
  limits.fsync = Fsync::end;
  auto client = started();
  client->frames(0, 4);
  watched.watch();
  stop();
  EXPECT_GT(watched.calls(), 0);
  EXPECT_EQ(watched.unheld(), 0);
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

// Their folders' names, which have the time in them, say the opposite where a clock was set back.
class RecoveryOfOneId : public Recovery, public testing::WithParamInterface<bool> {};
INSTANTIATE_TEST_SUITE_P(Clock, RecoveryOfOneId, testing::Bool());

TEST_P(RecoveryOfOneId, TheNewestOfSeveralHasIt) {
  const bool clock_was_set_back = GetParam();
  auto older = processing();
  const fs::path older_folder = only_folder();
  older->disconnect();
  auto newer = started();
  newer->frames(0, 3);
  const std::string token = newer->token();
  // Names have seconds in them; these two are from the same one.
  const std::vector<fs::path> both = test::phrases_in(limits.output_dir);
  ASSERT_EQ(both.size(), 2u);
  for (const fs::path& folder : both) {
    const bool is_older = folder == older_folder;
    copy_as_it_is(folder,
                  limits.output_dir / (is_older == clock_was_set_back ? "20250102T000000Z-0000000000000000"
                                                                      : "20250101T000000Z-0000000000000000"));
  }
  stop();
  for (const fs::path& folder : test::phrases_in(limits.output_dir)) {
    if (!folder.filename().string().starts_with("2025010")) fs::remove_all(folder);
  }
  registry().recover(now);
  EXPECT_EQ(resumed(token)->next().at("ranges"), json::parse("[[0,2]]"));
  EXPECT_EQ(engine.phrase(2).scoring_log, "Phrase 1") << "the older one is analysed all the same";
}

TEST_P(RecoveryOfOneId, OfSeveralThatAreOpenNoneIsRemoved) {
  auto older = started();
  older->frames(0, 7);
  const fs::path older_folder = only_folder();
  const fs::path elsewhere = limits.output_dir.string() + "-elsewhere";
  copy_as_it_is(older_folder, elsewhere);
  older->disconnect();
  auto newer = started();
  newer->frames(0, 3);
  const std::string token = newer->token();
  stop();
  fs::rename(elsewhere, limits.output_dir / (GetParam() ? "20990101T000000Z-0000000000000000"
                                                        : "20250101T000000Z-0000000000000000"));
  registry().recover(now);
  EXPECT_EQ(resumed(token)->next().at("ranges"), json::parse("[[0,2]]"));
  EXPECT_EQ(folders(), 2u) << "the older one's frames were acknowledged too";
}

TEST_P(RecoveryOfOneId, TheNewestResultIsTold) {
  auto older = processing();
  engine.phrase(0).complete(R"({"from":"older"})");
  const fs::path folder = only_folder();
  auto newer = processing();
  engine.phrase(1).complete(R"({"from":"newer"})");
  stop();
  fs::rename(folder, limits.output_dir / (GetParam() ? "20990101T000000Z-0000000000000000"
                                                     : "20250101T000000Z-0000000000000000"));
  registry().recover(now);
  EXPECT_EQ(registry().result({"", "s"}).value(), R"({"from":"newer"})");
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
  record.start.timestamps = types::Timestamps::capture;
  record.start.marks = {{{0, 400}, {640, 400}, {640, 480}},
                        types::PerSide<types::Spot>{{100, 200}, {500, 210}}};
  record.token_hash = "00ff";
  record.stage = SessionRecord::Stage::ended;
  record.total_frames = 899;
  record.attempts = 2;
  record.sequence = 12;
  const auto again = parse_session_record(print(record));
  ASSERT_TRUE(again);
  EXPECT_EQ(print(*again), print(record));
  EXPECT_EQ(again->start.fps, 59.94);
  EXPECT_EQ(again->start.timestamps, types::Timestamps::capture);
  EXPECT_EQ(again->start.marks.piste, record.start.marks.piste);
  ASSERT_TRUE(again->start.marks.fencers);
  EXPECT_EQ(again->start.marks.fencers->right, (types::Spot{500, 210}));
  for (const char* wrong : {"", "null", "[]", "{}", R"({"owner":"a","token_hash":1})"}) {
    EXPECT_FALSE(parse_session_record(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace piste::session
