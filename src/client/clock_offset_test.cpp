#include "client/clock_offset.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace piste::client {
namespace {

TEST(ClockOffsetTest, NothingIsKnownBeforeTheFirstAnswer) {
  EXPECT_FALSE(ClockOffset().at(1));
}

TEST(ClockOffsetTest, TheTruthLiesWithinTheErrorHoweverUnevenTheWays) {
  std::minstd_rand random(7);
  std::exponential_distribution<double> delay(1 / .02);  // s
  constexpr double truth = 5000.25;
  ClockOffset clock;
  double now = 100;
  for (int i = 0; i < 500; ++i) {
    const double asked = now;
    const double there = asked + .001 + delay(random);
    const double answered = there + .0005;
    now = answered + .001 + delay(random);
    clock.add(asked, there + truth, answered + truth, now);
    const auto estimate = clock.at(now);
    ASSERT_TRUE(estimate);
    ASSERT_LE(std::abs(estimate->offset - truth), estimate->error);
  }
  EXPECT_LT(clock.at(now)->error, .004) << "the narrowest of many counts";
}

TEST(ClockOffsetTest, TheErrorGrowsWithTime) {
  ClockOffset clock;
  clock.add(10, 50.001, 50.001, 10.002);
  EXPECT_NEAR(clock.at(10.002)->offset, 40, 1e-9);
  EXPECT_NEAR(clock.at(10.002)->error, .001, 1e-9);
  EXPECT_NEAR(clock.at(20.002)->error, .002, 1e-9);
  EXPECT_NEAR(clock.of(10.002, 20.002)->error, .003, 1e-9) << "of an event of then";
}

TEST(ClockOffsetTest, AClockThatJumpedIsBelievedAtOnce) {
  ClockOffset clock;
  clock.add(10, 50.001, 50.001, 10.002);
  clock.add(12, 352.05, 352.05, 12.1);
  EXPECT_NEAR(clock.at(12.1)->offset, 340, .1);
}

TEST(ClockOffsetTest, AnAnswerThatCannotBeIsNone) {
  ClockOffset clock;
  clock.add(10, 50, 52, 10.5);  // it took longer there than here
  clock.add(10, std::nan(""), 52, 10.5);
  EXPECT_FALSE(clock.at(11));
}

}  // namespace
}  // namespace piste::client
