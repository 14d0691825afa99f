#include "client/frame_queue.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace piste::client {
namespace {

using Place = FrameQueue::Place;

types::EncodedFrame frame(std::int64_t number, std::size_t size = 100) {
  types::EncodedFrame made;
  made.number = number;
  made.bytes = std::make_shared<const types::Bytes>(size, static_cast<std::uint8_t>(number));
  return made;
}

TEST(FrameQueue, KeepsTheOrderOverMemoryAndDisk) {
  const test::TempDir folder;
  FrameQueue queue(250, 1000, folder.path());
  EXPECT_EQ(queue.push(frame(0)), Place::memory);
  EXPECT_EQ(queue.push(frame(1)), Place::memory);
  EXPECT_EQ(queue.push(frame(2)), Place::disk);
  EXPECT_EQ(queue.pop()->number, 0);
  EXPECT_EQ(queue.push(frame(3)), Place::memory) << "behind one that is on disk";
  EXPECT_EQ(queue.push(frame(4)), Place::disk);
  for (int number = 1; number < 5; ++number) {
    const auto next = queue.pop();
    ASSERT_TRUE(next);
    EXPECT_EQ(next->number, number);
    EXPECT_EQ(*next->bytes, *frame(number).bytes);
  }
  EXPECT_FALSE(queue.pop());
}

TEST(FrameQueue, TheDiskIsUsedAgainWhenAllOfItHasBeenRead) {
  const test::TempDir folder;
  FrameQueue queue(1, 300, folder.path());
  for (int round = 0; round < 20; ++round) {
    EXPECT_EQ(queue.push(frame(0)), Place::memory);
    for (int i = 1; i <= 3; ++i) EXPECT_EQ(queue.push(frame(i)), Place::disk) << "round " << round;
    EXPECT_EQ(queue.push(frame(4)), Place::none);
    for (int i = 0; i <= 3; ++i) EXPECT_EQ(queue.pop()->number, i);
    EXPECT_TRUE(queue.empty());
  }
}

TEST(FrameQueue, AFrameLargerThanMemoryIsTakenAlone) {
  FrameQueue queue(10, 0, ".");
  EXPECT_EQ(queue.push(frame(0, 1000)), Place::memory);
  EXPECT_EQ(queue.push(frame(1, 1)), Place::none);
  EXPECT_EQ(queue.pop()->bytes->size(), 1000u);
}

}  // namespace
}  // namespace piste::client
