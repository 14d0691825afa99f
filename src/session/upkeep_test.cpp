// What is done beside the sessions, and when. The clock is told, but for the two tests of the threads.
#include "session/upkeep.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "session/fake_engine.h"
#include "session/registry_parts.h"
#include "support/forwarding_disk.h"
#include "support/temp_dir.h"

namespace piste::session {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;
using std::chrono::seconds;

// Counts how often a frame log is brought to it, and can keep whoever does so waiting.
class SlowDisk : public test::ForwardingDisk {
 public:
  int sync(int file) override {
    if (fs::read_symlink("/proc/self/fd/" + std::to_string(file)).filename() == "frames.log") ++log_syncs;
    while (stands_still) {
      somebody_waits = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return ForwardingDisk::sync(file);
  }
  std::atomic<int> log_syncs = 0;
  std::atomic<bool> stands_still = false;
  std::atomic<bool> somebody_waits = false;
};

bool soon(const std::function<bool()>& happens) {
  for (int tries = 0; tries < 1000 && !happens(); ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return happens();
}

class UpkeepTest : public testing::Test {
 protected:
  UpkeepTest() {
    limits.output_dir = folder_.path();
    limits.min_free_disk_bytes = 0;
    limits.fsync = Fsync::end;
  }

  std::unique_ptr<RegistryParts> service() {
    return std::make_unique<RegistryParts>(engine, limits, shares_, disk);
  }
  std::shared_ptr<Session> begin(RegistryParts& parts, const std::string& id) {
    protocol::SessionStart start;
    start.session_id = id;
    start.fps = 30;
    start.width = start.height = 64;
    const auto channel = std::make_shared<Channel>(Outbox{[](const std::string&, bool) {}, [](int, auto) {}});
    auto admitted = parts.admission.admit({}, start, channel, now);
    EXPECT_TRUE(admitted.ok());
    return admitted ? admitted->session : nullptr;
  }
  static bool take_frame(Session& session) {
    protocol::FrameHeader header;
    header.number = 0;
    return session.take(header, {1, 2, 3}).ok();
  }
  // A phrase that a service has left, for the next one to find.
  void leave_behind(const std::string& id) {
    const auto parts = service();
    EXPECT_TRUE(take_frame(*begin(*parts, id)));
  }
  static bool knows(const RegistryParts& parts, const std::string& id) {
    return parts.seating.find({"", id}) != nullptr;
  }
  fs::path old_result() {
    const fs::path phrase = folder_ / "20250101T000000Z-000000000000000a";
    fs::create_directory(phrase);
    std::ofstream(phrase / "analysis_result.json") << "{}";
    fs::last_write_time(phrase / "analysis_result.json",
                        fs::file_time_type::clock::now() - std::chrono::hours(49));
    return phrase;
  }

  FakeEngine engine;
  Limits limits;
  SlowDisk disk;
  TimePoint now = TimePoint(std::chrono::hours(1000));

 private:
  const test::TempDir folder_;
  const Shares shares_{{{3, 3}, {2, 2}, {2, 2}, {1 << 20, 1 << 20}}};
};

TEST_F(UpkeepTest, BringsTheFramesToTheDiskWhereThatIsItsBusiness) {
  for (const Fsync mode : {Fsync::frame, Fsync::end}) {
    limits.fsync = mode;
    const auto parts = service();
    ASSERT_TRUE(take_frame(*begin(*parts, "s")));
    const int before = disk.log_syncs;
    parts->upkeep.sync();
    EXPECT_EQ(disk.log_syncs, before) << "who asks for more than a second says when";
  }
  limits.fsync = Fsync::interval;
  const auto parts = service();
  const int before = disk.log_syncs;
  ASSERT_TRUE(take_frame(*begin(*parts, "t")));
  EXPECT_TRUE(soon([&] { return disk.log_syncs > before; })) << "by itself";
}

TEST_F(UpkeepTest, OpensWhatWasFoundAtOnce) {
  const auto parts = service();
  parts->upkeep.tend(now);
  leave_behind("s");
  parts->recovery.look();
  EXPECT_FALSE(knows(*parts, "s"));
  parts->upkeep.tend(now);
  EXPECT_TRUE(knows(*parts, "s"));
}

TEST_F(UpkeepTest, LooksForWhatOthersHaveLeftEveryTenSeconds) {
  const auto parts = service();
  parts->recovery.look();
  parts->upkeep.tend(now);
  leave_behind("s");
  now += seconds(9);
  parts->upkeep.tend(now);
  EXPECT_FALSE(knows(*parts, "s")) << "each look reads the whole shelf";
  now += seconds(1);
  parts->upkeep.tend(now);
  EXPECT_TRUE(knows(*parts, "s"));
}

TEST_F(UpkeepTest, TriesAgainEveryTenSecondsWhatTheDiskHadNoRoomFor) {
  leave_behind("s");
  const auto parts = service();
  const fs::path left = test::phrases_in(limits.output_dir).front();
  parts->unfinished.leave({PhraseFolder::take(parts->shelf, left), R"({"winner":"left"})", false});
  engine.room_for_videos = false;
  parts->upkeep.tend(now);
  EXPECT_TRUE(fs::exists(left / "analysis_result.json"));
  EXPECT_TRUE(fs::exists(left / "frames.log")) << "it is the video until there is room";
  engine.room_for_videos = true;
  now += seconds(9);
  parts->upkeep.tend(now);
  EXPECT_TRUE(fs::exists(left / "frames.log"));
  now += seconds(1);
  parts->upkeep.tend(now);
  EXPECT_FALSE(fs::exists(left / "frames.log"));
  EXPECT_TRUE(fs::exists(left / "phrase.mkv"));
}

TEST_F(UpkeepTest, OldResultsGoEveryTenMinutes) {
  limits.retention.age = std::chrono::hours(48);
  const auto parts = service();
  const fs::path first = old_result();
  parts->upkeep.remove_old_results(now);
  EXPECT_FALSE(fs::exists(first));
  const fs::path second = old_result();
  now += minutes(9);
  parts->upkeep.remove_old_results(now);
  EXPECT_TRUE(fs::exists(second));
  now += minutes(1);
  parts->upkeep.remove_old_results(now);
  EXPECT_FALSE(fs::exists(second));
}

TEST_F(UpkeepTest, TendsByItselfOnceBegunAndNoMoreOnceStopped) {
  const auto parts = service();
  leave_behind("one");
  parts->recovery.look();
  parts->upkeep.begin();
  EXPECT_TRUE(soon([&] { return knows(*parts, "one"); }));
  parts->upkeep.stop();
  leave_behind("two");
  parts->recovery.look();
  std::this_thread::sleep_for(std::chrono::milliseconds(1200));
  EXPECT_FALSE(knows(*parts, "two"));
}

TEST_F(UpkeepTest, StoppingWaitsForTheDisk) {
  limits.fsync = Fsync::interval;
  const auto parts = service();
  disk.stands_still = true;
  EXPECT_TRUE(take_frame(*begin(*parts, "s")));
  EXPECT_TRUE(soon([&] { return disk.somebody_waits.load(); }));
  auto stopped = std::async(std::launch::async, [&] { parts->upkeep.stop(); });
  EXPECT_EQ(stopped.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
  disk.stands_still = false;
  EXPECT_EQ(stopped.wait_for(seconds(10)), std::future_status::ready);
}

}  // namespace
}  // namespace piste::session
