#include "recording/frame_ring.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "support/forwarding_disk.h"
#include "support/temp_dir.h"

namespace piste::recording {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most = 24;  // pieces of two frames

types::EncodedFrame frame(std::int64_t number) {
  types::EncodedFrame frame;
  frame.number = number;
  frame.timestamp = static_cast<double>(number) / 30;
  frame.bytes = std::make_shared<const types::Bytes>(100, static_cast<std::uint8_t>(number));
  return frame;
}

class FrameRingTest : public testing::Test {
 protected:
  static void append(FrameLog& ring, std::int64_t from, std::int64_t to) {
    for (std::int64_t number = from; number < to; ++number) ASSERT_TRUE(ring.append(frame(number)));
  }
  std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(path_), {}); }

  const test::TempDir folder_;
  const fs::path path_ = folder_ / "frames.log";
};

TEST_F(FrameRingTest, KeepsTheLastFramesAndNoMore) {
  const auto ring = create_ring(path_, {64, 48, 30}, most).value();
  std::ptrdiff_t most_files = 0;
  for (std::int64_t number = 0; number < 1000; ++number) {
    ASSERT_TRUE(ring->append(frame(number)));
    most_files = std::max(most_files, files());
    ASSERT_LE(ring->entries().size(), most);
  }
  EXPECT_LE(most_files, 14);
  EXPECT_EQ(ring->size(), 1000U);
  EXPECT_GE(ring->entries().size(), most - 2);
  EXPECT_EQ(ring->entries().back().number, 999);
}

TEST_F(FrameRingTest, IndexesGoOnWhateverHasGone) {
  const auto ring = create_ring(path_, {64, 48, 30}, most).value();
  append(*ring, 0, 100);
  EXPECT_EQ(ring->entry(99).number, 99);
  EXPECT_EQ(ring->entry(80).number, 80);
  const auto read = ring->read(90);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->number, 90);
  EXPECT_EQ(read->bytes->at(0), 90);
  EXPECT_FALSE(ring->read(10)) << "it has gone";
  EXPECT_FALSE(ring->read(100)) << "it has not come";
}

TEST_F(FrameRingTest, WhatItHoldsIsFoundAgain) {
  append(*create_ring(path_, {64, 48, 25}, most).value(), 0, 101);
  const auto ring = open_ring(path_, most).value();
  EXPECT_EQ(ring->description().fps, 25);
  const auto entries = ring->entries();
  ASSERT_GE(entries.size(), most - 2);
  EXPECT_EQ(entries.back().number, 100);
  EXPECT_EQ(ring->size(), entries.size());
  append(*ring, 101, 140);
  EXPECT_EQ(ring->read(ring->size() - 1)->number, 139);
  EXPECT_LE(ring->entries().size(), most);
}

TEST_F(FrameRingTest, ATornPieceCostsItselfAlone) {
  append(*create_ring(path_, {64, 48, 25}, most).value(), 0, 30);
  std::ofstream(path_ / "99999999.log") << "torn";
  const auto ring = open_ring(path_, most);
  ASSERT_TRUE(ring);
  EXPECT_EQ((*ring)->entries().back().number, 29);
}

class FailingOnce : public test::ForwardingDisk {
 public:
  int sync(int file) override { return std::exchange(files, false) ? failed() : ForwardingDisk::sync(file); }
  int sync_folder(const fs::path& path) override {
    return std::exchange(names, false) ? failed() : ForwardingDisk::sync_folder(path);
  }
  bool files = false;
  bool names = false;

 private:
  static int failed() { return errno = EIO, -1; }
};

// Nor does one that has begun a new piece since then believe the disk again.
TEST_F(FrameRingTest, ASyncThatFailedIsRemembered) {
  for (bool FailingOnce::* const kind : {&FailingOnce::files, &FailingOnce::names}) {
    FailingOnce disk;
    const auto path = folder_ / (kind == &FailingOnce::files ? "files" : "names");
    const auto ring = create_ring(path, {64, 48, 30}, most, Durable::no, disk).value();
    append(*ring, 0, 4);
    disk.*kind = true;
    EXPECT_EQ(ring->sync().error().code, ErrorCode::sync);
    EXPECT_EQ(ring->sync().error().code, ErrorCode::sync) << "the second one would succeed";
    EXPECT_EQ(ring->state().error().code, ErrorCode::sync);
    EXPECT_EQ(ring->append(frame(4)).error().code, ErrorCode::sync);
    EXPECT_TRUE(ring->read(3).ok());
  }
}

TEST_F(FrameRingTest, IsRemovedWithAllThatIsInIt) {
  append(*create_ring(path_, {64, 48, 25}, most).value(), 0, 30);
  remove_log(path_, system_disk());
  EXPECT_FALSE(fs::exists(path_));
}

}  // namespace
}  // namespace piste::recording
