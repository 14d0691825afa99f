#include "client/frame_feed.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "client/testing/fake_reader.h"
#include "support/temp_dir.h"

namespace piste::client {
namespace {

using testing::FakeReader;
using testing::Footage;

// Waits for the feed as the network does.
class Consumer {
 public:
  std::function<void()> wake() {
    return [this] {
      const std::lock_guard lock(mutex_);
      ++wakes_;
      changed_.notify_all();
    };
  }
  // At most ten seconds: a test that hangs fails.
  bool await(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), condition);
  }
  std::vector<types::EncodedFrame> drain(FrameFeed& feed) {
    std::vector<types::EncodedFrame> frames;
    while (!feed.finished()) {
      if (auto frame = feed.try_take()) {
        frames.push_back(std::move(*frame));
      } else if (!await([&] { return feed.ready(); })) {
        ADD_FAILURE() << "the feed hangs";
        break;
      }
    }
    return frames;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int wakes_ = 0;
};

FrameSource source_of(Footage footage, bool camera) {
  SourceOptions options;
  if (camera) {
    options.camera = "0";
  } else {
    options.video = "phrase.avi";
  }
  return FrameSource(std::make_unique<FakeReader>(std::move(footage)), options, [] { return 1.7e9; });
}

TEST(FrameFeed, HandsOverAllFramesInOrder) {
  Consumer consumer;
  FrameFeed feed(source_of(Footage::of(50), false), {}, consumer.wake());
  const auto frames = consumer.drain(feed);
  ASSERT_EQ(frames.size(), 50u);
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(frames[i].number, static_cast<std::int64_t>(i));
  EXPECT_EQ(feed.stats().produced, 50);
  EXPECT_EQ(feed.stats().next_number, 50);
  EXPECT_NEAR(feed.stats().media_time, 49 / 30.0, 1e-6);
  EXPECT_FALSE(feed.failure());
}

TEST(FrameFeed, AFileWaitsWhileTheQueueIsFull) {
  Consumer consumer;
  std::atomic<std::size_t> read = 0;
  Footage footage = Footage::of(100);
  footage.before = [&](std::size_t i) { read = i; };
  FeedOptions options;
  options.memory_bytes = 1;  // one frame at a time
  FrameFeed feed(source_of(footage, false), options, consumer.wake());
  ASSERT_TRUE(consumer.await([&] { return feed.ready(); }));
  EXPECT_LE(read, 1u);  // the second picture may be at hand, the third cannot
  EXPECT_EQ(consumer.drain(feed).size(), 100u);
  EXPECT_EQ(feed.stats().dropped, 0);
}

TEST(FrameFeed, ACameraDropsItsNewestFramesWhileTheQueueIsFull) {
  Consumer consumer;
  FeedOptions options;
  options.memory_bytes = 1;
  std::atomic<bool> over = false;
  Footage footage = Footage::of(10);
  footage.before = [&](std::size_t i) { over = i == 10; };
  FrameFeed feed(source_of(footage, true), options, consumer.wake());
  ASSERT_TRUE(consumer.await([&] { return over.load(); }));
  const auto frames = consumer.drain(feed);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].number, 0);
  EXPECT_EQ(feed.stats().dropped, 9);
  EXPECT_EQ(feed.stats().next_number, 10);  // so the server can tell that nine are missing
}

// What a camera's frames are when nothing is taken before all have come.
std::vector<types::EncodedFrame> after_the_recording(const FeedOptions& options, std::size_t frames,
                                                     FeedStats& stats) {
  Consumer consumer;
  std::atomic<bool> over = false;
  Footage footage = Footage::of(frames);
  footage.before = [&](std::size_t i) { over = i == frames; };
  FrameFeed feed(source_of(footage, true), options, consumer.wake());
  EXPECT_TRUE(consumer.await([&] { return over.load(); }));
  auto taken = consumer.drain(feed);
  stats = feed.stats();
  return taken;
}

TEST(FrameFeed, ACamerasFramesWaitOnDiskWhenMemoryIsFull) {
  FeedStats stats;
  const auto expected = after_the_recording({}, 20, stats);
  ASSERT_EQ(stats.on_disk, 0);
  const test::TempDir folder;
  FeedOptions options;
  options.memory_bytes = 3 * expected[0].bytes->size() + 1;
  options.disk_bytes = 1u << 20;
  options.folder = folder.path();
  const auto frames = after_the_recording(options, 20, stats);
  ASSERT_EQ(frames.size(), 20u);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(frames[i].number, static_cast<std::int64_t>(i));
    EXPECT_EQ(frames[i].timestamp, expected[i].timestamp);
    EXPECT_EQ(*frames[i].bytes, *expected[i].bytes);
  }
  EXPECT_GE(stats.on_disk, 10);
  EXPECT_EQ(stats.dropped, 0);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "the file has no name";
}

TEST(FrameFeed, TheDiskIsBoundedToo) {
  FeedStats stats;
  const test::TempDir folder;
  const std::size_t size = after_the_recording({}, 1, stats)[0].bytes->size();
  FeedOptions options;
  options.memory_bytes = 1;
  options.disk_bytes = 5 * size + size / 2;
  options.folder = folder.path();
  const auto frames = after_the_recording(options, 20, stats);
  EXPECT_LT(frames.size(), 10u);
  EXPECT_GE(frames.size(), 4u);
  EXPECT_EQ(stats.dropped, 20 - static_cast<std::int64_t>(frames.size()));
  EXPECT_EQ(stats.next_number, 20);
}

TEST(FrameFeed, ADiskThatTakesNothingIsAsNone) {
  FeedStats stats;
  FeedOptions options;
  options.memory_bytes = 1;
  options.disk_bytes = 1u << 20;
  options.folder = "/nowhere/at/all";
  EXPECT_EQ(after_the_recording(options, 5, stats).size(), 1u);
  EXPECT_EQ(stats.dropped, 4);
}

TEST(FrameFeed, EndsEarlyButKeepsWhatIsQueued) {
  Consumer consumer;
  std::mutex gate;
  std::unique_lock closed(gate);
  Footage footage = Footage::of(1000);
  footage.before = [&](std::size_t i) {
    if (i == 5) const std::lock_guard wait(gate);
  };
  FrameFeed feed(source_of(footage, true), {}, consumer.wake());
  ASSERT_TRUE(consumer.await([&] { return feed.stats().produced == 5; }));
  feed.end_early();
  closed.unlock();
  EXPECT_EQ(consumer.drain(feed).size(), 5u);
  EXPECT_FALSE(feed.failure());
}

TEST(FrameFeed, AtItsOwnPaceAFrameIsNeverEarly) {
  Consumer consumer;
  FeedOptions options;
  options.realtime = true;
  const auto start = std::chrono::steady_clock::now();
  FrameFeed feed(source_of(Footage::of(6, 20), false), options, consumer.wake());
  EXPECT_EQ(consumer.drain(feed).size(), 6u);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(250));
}

TEST(FrameFeed, CanBeEndedWhileItWaitsForAFramesTurn) {
  Consumer consumer;
  FeedOptions options;
  options.realtime = true;
  Footage footage;
  footage.times = {0, 3600};
  FrameFeed feed(source_of(footage, false), options, consumer.wake());
  ASSERT_TRUE(consumer.await([&] { return feed.ready(); }));
  feed.end_early();
  EXPECT_EQ(consumer.drain(feed).size(), 1u);
}

TEST(FrameFeed, SaysWhyTheSourceBrokeOff) {
  Consumer consumer;
  Footage footage = Footage::of(3);
  footage.fails_at_end = true;
  FrameFeed feed(source_of(footage, false), {}, consumer.wake());
  EXPECT_EQ(consumer.drain(feed).size(), 3u);
  ASSERT_TRUE(feed.failure());
  EXPECT_NE(feed.failure()->message.find("the file ends in the middle"), std::string::npos);
}

}  // namespace
}  // namespace piste::client
