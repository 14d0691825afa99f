#include "base/byte_budget.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace piste::base {
namespace {

TEST(ByteBudget, GivesUntilTheLimitAndTakesBack) {
  ByteBudget budget(100);
  auto first = budget.try_acquire(60);
  ASSERT_TRUE(first);
  EXPECT_FALSE(budget.try_acquire(41));
  auto second = budget.try_acquire(40);
  ASSERT_TRUE(second);
  EXPECT_EQ(budget.used(), 100u);
  first.reset();
  EXPECT_EQ(budget.used(), 40u);
  EXPECT_TRUE(budget.try_acquire(60));
}

TEST(ByteBudget, MoreThanTheWholeNeverFits) {
  ByteBudget budget(10);
  EXPECT_FALSE(budget.try_acquire(11));
  EXPECT_FALSE(budget.try_acquire(static_cast<std::size_t>(-1)));
}

TEST(ByteBudget, MovedLeaseReturnsItsBytesOnce) {
  ByteBudget budget(10);
  {
    auto lease = budget.try_acquire(4);
    ByteBudget::Lease moved = std::move(*lease);
    ByteBudget::Lease assigned;
    assigned = std::move(moved);
    EXPECT_EQ(assigned.bytes(), 4u);
    EXPECT_EQ(budget.used(), 4u);
  }
  EXPECT_EQ(budget.used(), 0u);
}

TEST(ByteBudget, HoldsUnderManyThreads) {
  ByteBudget budget(1000);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10000; ++i) {
        auto lease = budget.try_acquire(400);
        EXPECT_LE(budget.used(), 1000u);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(budget.used(), 0u);
}

}  // namespace
}  // namespace piste::base
