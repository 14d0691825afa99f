#include "session/intake.h"

#include <gtest/gtest.h>

namespace piste::session {
namespace {

class IntakeTest : public testing::Test {
 protected:
  IntakeTest() {
    start.session_id = "intake";
    start.fps = 30;
    limits.max_frames = 1000;
    limits.max_frame_bytes = 100;
  }
  static protocol::FrameHeader header(std::int64_t number) {
    protocol::FrameHeader header;
    header.number = number;
    return header;
  }

  protocol::SessionStart start;
  Limits limits;
  Counters counters;
  Intake intake{start, limits, counters};
};

TEST_F(IntakeTest, CountsWhatCameAndHow) {
  for (const int number : {0, 1, 4, 2}) intake.took(header(number), 10, true);
  intake.took_again();
  auto announced = header(6);
  announced.size = 11;
  intake.took(announced, 10, true);
  intake.refused("frame 7 is no picture");
  const auto stats = intake.stats();
  EXPECT_EQ(stats.frames_received, 5);
  EXPECT_EQ(stats.bytes_received, 50U);
  EXPECT_EQ(stats.out_of_order_frames, 1);
  EXPECT_EQ(stats.missing_frames, 2) << "3 and 5";
  EXPECT_EQ(stats.duplicate_frames, 1);
  EXPECT_EQ(stats.size_mismatches, 1);
  EXPECT_EQ(stats.rejected_frames, 1);
  EXPECT_EQ(counters.frames_received.value(), 5U);
  EXPECT_EQ(counters.frames_duplicate.value(), 1U);
  EXPECT_EQ(counters.frames_rejected.value(), 1U);
}

TEST_F(IntakeTest, TheLastWordOnHowManyThereAreCounts) {
  for (int number = 0; number < 20; ++number) intake.took(header(number), 10, true);
  EXPECT_FALSE(intake.end(25, "", true).valid);
  EXPECT_EQ(intake.stats().missing_frames, 5);
  EXPECT_TRUE(intake.end(20, "", true).valid);
  EXPECT_EQ(intake.stats().missing_frames, 0);
}

TEST_F(IntakeTest, WhatAnEarlierRunStoredIsThere) {
  std::vector<recording::Entry> entries(3);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i].number = static_cast<std::int64_t>(i);
    entries[i].size = 10;
  }
  intake.restore(entries, 5);
  EXPECT_TRUE(intake.numbers().contains(2));
  EXPECT_EQ(intake.stats().frames_received, 3);
  EXPECT_EQ(intake.stats().bytes_received, 30U);
  EXPECT_EQ(intake.stats().missing_frames, 2);
  EXPECT_EQ(counters.frames_received.value(), 0U) << "counted when they came";
}

}  // namespace
}  // namespace piste::session
