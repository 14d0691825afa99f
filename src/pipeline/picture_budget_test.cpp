#include "pipeline/picture_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace piste::pipeline {
namespace {

const auto never = [] { return false; };

TEST(PictureBudget, GivesWhatThereIsAndTakesItBack) {
  PictureBudget budget(100);
  auto first = budget.try_acquire(60);
  ASSERT_TRUE(first);
  EXPECT_FALSE(budget.try_acquire(41));
  EXPECT_TRUE(budget.try_acquire(40)) << "what fits goes past what does not";
  first.reset();
  EXPECT_EQ(budget.used(), 0U);
}

TEST(PictureBudget, APictureLargerThanAllGetsAll) {
  PictureBudget budget(100);
  {
    const auto huge = budget.try_acquire(1'000);
    ASSERT_TRUE(huge);
    EXPECT_EQ(budget.used(), 100U);
    EXPECT_FALSE(budget.try_acquire(1));
  }
  EXPECT_TRUE(budget.try_acquire(1));
}

TEST(PictureBudget, HalfOfTheRoomIsForThoseWhoAreWaitedFor) {
  PictureBudget budget(100);
  const auto left = budget.try_acquire(80, PictureBudget::For::left);
  ASSERT_TRUE(left);
  EXPECT_EQ(budget.used(), 50U);
  EXPECT_FALSE(budget.try_acquire(1, PictureBudget::For::left));
  EXPECT_TRUE(budget.try_acquire(50));
}

TEST(PictureBudget, WhoFindsNoRoomWaitsForIt) {
  PictureBudget budget(100);
  auto held = budget.try_acquire(100);
  std::atomic<bool> got = false;
  std::thread waiting([&] { got = budget.acquire(50, never).has_value(); });
  EXPECT_FALSE(got);
  held.reset();
  waiting.join();
  EXPECT_TRUE(got);
}

TEST(PictureBudget, WaitingEndsWhenNobodyWantsThePicture) {
  PictureBudget budget(100);
  const auto held = budget.try_acquire(100);
  std::atomic<bool> cancelled = false;
  std::thread waiting([&] { EXPECT_FALSE(budget.acquire(50, [&] { return cancelled.load(); })); });
  cancelled = true;
  budget.wake();
  waiting.join();
}

TEST(PictureBudget, AFrameKeepsItsLease) {
  PictureBudget budget(100);
  auto frame = counted({}, *budget.try_acquire(70));
  const auto copy = frame;
  frame.reset();
  EXPECT_EQ(budget.used(), 70U);
}

}  // namespace
}  // namespace piste::pipeline
