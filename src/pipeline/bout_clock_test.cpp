#include "pipeline/bout_clock.h"

#include <gtest/gtest.h>

namespace piste::pipeline {
namespace {

using types::Timestamps;

TEST(BoutClock, TimestampsAreTheTime) {
  BoutClock clock(30, Timestamps::capture);
  EXPECT_DOUBLE_EQ(clock.frame(0, 1000, 5), 1000);
  EXPECT_DOUBLE_EQ(clock.frame(1, 1000.04, 5.04), 1000.04);
  EXPECT_DOUBLE_EQ(clock.of_client(1000.02), 1000.02);
}

TEST(BoutClock, WithoutThemTheArrivalIs) {
  BoutClock clock(30, Timestamps::none);
  EXPECT_DOUBLE_EQ(clock.frame(0, 1000, 5), 5);
  EXPECT_DOUBLE_EQ(clock.frame(1, 1000, 5.5), 5.5);
  EXPECT_DOUBLE_EQ(*clock.of_node(5.02), 5.02);
}

TEST(BoutClock, TheFrameThatWasFastestTellsTheNodesClock) {
  BoutClock clock(30, Timestamps::capture);
  EXPECT_FALSE(clock.of_node(5));
  clock.frame(0, 1000, 5.3);
  clock.frame(1, 1000.1, 5.2);  // 100 ms on its way
  clock.frame(2, 1000.2, 5.5);
  EXPECT_FALSE(clock.of_node(5.4)) << "the next may be faster still";
  clock.frame(3, 1000.5, 5.7);
  EXPECT_NEAR(*clock.of_node(5.4), 1000.3, 1e-9);
}

// The frames between the kill and the new start come all at once, the oldest first. Each is less late.
TEST(BoutClock, WhatComesAtOnceAfterARestartTellsNothing) {
  BoutClock clock(10, Timestamps::capture);
  int number = 0;
  for (; number < 100; ++number) clock.frame(number, 1000 + number / 10., std::nullopt);
  for (; number < 140; ++number) {
    clock.frame(number, 1000 + number / 10.,
                64 + number / 1000.);  // live they would come at 50 + number / 10
    EXPECT_FALSE(clock.of_node(63)) << number;
  }
  for (; number < 148; ++number) clock.frame(number, 1000 + number / 10., 50.05 + number / 10.);
  EXPECT_NEAR(*clock.of_node(63), 1013, .051);
}

TEST(BoutClock, BehindTheLastFrameWhatIsKnownMustDo) {
  BoutClock clock(10, Timestamps::capture);
  clock.frame(0, 1000, 5);
  EXPECT_FALSE(clock.of_node(5));
  clock.end();
  EXPECT_DOUBLE_EQ(*clock.of_node(5), 1000);
}

TEST(BoutClock, OneThatDriftsIsFollowed) {
  BoutClock clock(1, Timestamps::capture);
  for (int i = 0; i < 7200; ++i) clock.frame(i, 1000 + i * 1.0001, i);
  EXPECT_NEAR(*clock.of_node(7199), 1000 + 7199 * 1.0001, .007);
}

TEST(BoutClock, AClockThatWasSetGoesOn) {
  BoutClock clock(30, Timestamps::capture);
  clock.frame(0, 1000, 5);
  EXPECT_NEAR(clock.frame(1, 400, 5.03), 1000 + 1 / 30., 1e-9);
  EXPECT_NEAR(clock.frame(2, 400.05, 5.08), 1000 + 1 / 30. + .05, 1e-9);
  EXPECT_NEAR(clock.of_client(400.05), 1000 + 1 / 30. + .05, 1e-9);
  EXPECT_FALSE(clock.of_node(5.08));
  clock.frame(3, 400.55, 5.58);
  EXPECT_NEAR(*clock.of_node(5.08), 1000 + 1 / 30. + .05, 1e-9);
}

TEST(BoutClock, APauseStaysAPause) {
  BoutClock clock(30, Timestamps::capture);
  clock.frame(0, 1000, 5);
  EXPECT_DOUBLE_EQ(clock.frame(1, 1100, 105), 1100);
}

TEST(BoutClock, AFrameThatIsSentAgainChangesNothing) {
  BoutClock clock(30, Timestamps::capture);
  clock.frame(0, 1000, 5);
  clock.frame(2, 1000.2, 5.2);
  EXPECT_DOUBLE_EQ(clock.frame(1, 1000.1, 9), 1000.1);
  EXPECT_DOUBLE_EQ(clock.frame(3, 1000.3, 5.3), 1000.3);
}

}  // namespace
}  // namespace piste::pipeline
