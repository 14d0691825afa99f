// A phrase's whole life, with the disk stopping after each of its calls: the process is killed there, or the
// power goes. Then the service starts again, and what was acknowledged must be there.
#include <fstream>
#include <iterator>
#include <set>

#include "session/test_client.h"
#include "support/stopping_disk.h"

namespace piste::session {
namespace {

namespace fs = std::filesystem;

enum class Fate {
  killed,            // the page cache outlives it
  nothing_unsynced,  // the power is cut: files and folders are as at their last sync
  only_removals,     // the power is cut: likewise, but what was removed since is gone
  only_names,        // the power is cut: folders are as they were, files as at their last sync
};

constexpr int frames = 4;
constexpr const char* scoring_log = "Phrase 1, its scoring log";
constexpr const char* result = R"({"winner":"left"})";

// What the client was told that the service has.
struct Told {
  bool started = false;
  int frames = 0;
  bool ended = false;
  bool signal = false;
};

class PhraseLife : public testing::TestWithParam<std::tuple<Fsync, Fate>> {
 protected:
  void SetUp() override {
    limits_.fsync = std::get<0>(GetParam());
    limits_.min_free_disk_bytes = 0;
  }
  Fate fate() const { return std::get<1>(GetParam()); }
  bool power_is_cut() const { return fate() != Fate::killed; }

  // Lives until the end, or until the disk stops.
  void live(test::StoppingDisk& disk, const fs::path& folder) {
    token_.clear();
    told_ = durable_ = {};
    limits_.output_dir = folder;
    FakeEngine engine;
    Registry registry(engine, limits_, disk);
    TestClient client(registry, now_);
    speak(client, registry, disk);
    if (told_.ended && told_.signal && !disk.stopped()) engine.phrase().complete(result);
  }

  void speak(TestClient& client, Registry& registry, const test::StoppingDisk& disk) {
    client.start();
    if (client.next_kind() != "session_started") return;
    told_.started = true;
    token_ = client.token();
    promise(Fsync::frame, registry, disk);
    for (int number = 0; number < frames; ++number) {
      client.frame(number, "picture " + std::to_string(number));
      if (client.next_kind() != "frame_ack") return;
      ++told_.frames;
      promise(Fsync::frame, registry, disk);
    }
    client.end(frames);
    if (client.next_kind() != "session_ended") return;
    told_.ended = true;
    promise(Fsync::end, registry, disk);
    client.signal(scoring_log);
    if (client.next_kind() != "signal_ack") return;
    told_.signal = true;
    promise(Fsync::end, registry, disk);
  }

  // What was told so far survives a power cut too: from `mode` on, or with Fsync::interval when that is over.
  void promise(Fsync mode, Registry& registry, const test::StoppingDisk& disk) {
    if (limits_.fsync == Fsync::interval) registry.tend(now_);
    if (disk.stopped()) return;
    if (limits_.fsync != Fsync::end || mode == Fsync::end) durable_ = told_;
  }

  void picture(test::StoppingDisk& disk, const fs::path& folder, const fs::path& into) const {
    using Kept = test::StoppingDisk::Kept;
    switch (fate()) {
      case Fate::killed:
        return fs::copy(folder, into, fs::copy_options::recursive);
      case Fate::nothing_unsynced:
        return disk.power_cut(folder, into, Kept::as_synced);
      case Fate::only_removals:
        return disk.power_cut(folder, into, Kept::but_removed);
      case Fate::only_names:
        return disk.power_cut(folder, into, Kept::as_they_were_last);
    }
  }

  // What the next start makes of it.
  void check(const fs::path& folder) {
    const Told& due = power_is_cut() ? durable_ : told_;
    limits_.output_dir = folder;
    FakeEngine engine;
    Registry registry(engine, limits_);
    registry.recover(now_);
    if (!due.started) return;
    const auto kind = registry.status({"", "s"}, now_).kind;
    if (kind == Status::Kind::complete) return check_complete(registry);
    if (due.ended && due.signal) {
      EXPECT_EQ(kind, Status::Kind::processing);
    }
    TestClient client(registry, now_);
    client.resume("s", token_);
    ASSERT_EQ(client.next_kind(), "session_resumed");
    if (due.ended && kind != Status::Kind::processing) {
      EXPECT_NE(registry.status({"", "s"}, now_).json.find("FRAMES_COMPLETE"), std::string::npos);
    }
    const auto& phrase = engine.phrase();
    std::set<std::int64_t> numbers;
    for (const auto& pushed : phrase.pushed) numbers.insert(pushed.frame.number);
    for (int number = 0; number < due.frames; ++number) {
      ASSERT_TRUE(numbers.contains(number)) << number;
      EXPECT_EQ(*phrase.log.read(static_cast<std::size_t>(number))->bytes,
                bytes_of("picture " + std::to_string(number)));
    }
    if (due.ended && due.signal) {
      EXPECT_EQ(phrase.scoring_log, scoring_log);
    }
  }

  // Result and frames are there, and the frames in one place at least.
  void check_complete(Registry& registry) {
    const auto told = registry.result({"", "s"});
    ASSERT_TRUE(told.ok());
    EXPECT_EQ(*told, result);
    const auto folder = test::phrases_in(limits_.output_dir).front();
    std::ifstream video(folder / "phrase.mkv");
    const std::string content(std::istreambuf_iterator<char>(video), {});
    EXPECT_TRUE(content == std::to_string(frames) || fs::exists(folder / frame_log_name)) << content;
  }

  const TimePoint now_ = TimePoint(std::chrono::hours(1000));
  Limits limits_;
  std::string token_;
  Told told_;
  Told durable_;
};

INSTANTIATE_TEST_SUITE_P(EachWay, PhraseLife,
                         testing::Combine(testing::Values(Fsync::frame, Fsync::interval, Fsync::end),
                                          testing::Values(Fate::killed, Fate::nothing_unsynced,
                                                          Fate::only_removals, Fate::only_names)));

TEST_P(PhraseLife, MayBeCutAfterEachStep) {
  constexpr int more_than_it_takes = 400;
  int steps = 0;
  for (bool stopped = true; stopped && !HasFailure(); ++steps) {
    ASSERT_LT(steps, more_than_it_takes);
    SCOPED_TRACE("stopped after " + std::to_string(steps) + " calls");
    const test::TempDir before;
    const test::TempDir after;
    test::StoppingDisk disk(steps);
    live(disk, before.path());
    stopped = disk.stopped();
    picture(disk, before.path(), after.path());
    check(after.path());
  }
  EXPECT_GT(steps, 15) << "the disk was looked over each time";
  EXPECT_TRUE(told_.signal) << "the last life was whole";
}

}  // namespace
}  // namespace piste::session
