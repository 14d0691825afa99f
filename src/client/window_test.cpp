#include "client/window.h"

#include <gtest/gtest.h>

#include "client/rate.h"

namespace piste::client {
namespace {

const Window::TimePoint start{};

TEST(Window, IsBoundedInFrames) {
  Window window(2, 1000);
  window.sent(0, 10, start);
  EXPECT_TRUE(window.admits(10));
  window.sent(1, 10, start);
  EXPECT_FALSE(window.admits(10));
  EXPECT_TRUE(window.answered(0));
  EXPECT_TRUE(window.admits(10));
}

TEST(Window, IsBoundedInBytesButTakesOneLargeFrame) {
  Window window(64, 100);
  EXPECT_TRUE(window.admits(5000));
  window.sent(0, 60, start);
  EXPECT_TRUE(window.admits(40));
  EXPECT_FALSE(window.admits(41));
}

TEST(Window, AnAnswerCountsOnce) {
  Window window(64, 1000);
  window.sent(3, 10, start);
  window.sent(4, 20, start);
  EXPECT_EQ(window.oldest(), 3);
  EXPECT_FALSE(window.answered(7));
  const auto frame = window.answered(3);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->bytes, 10u);
  EXPECT_FALSE(window.answered(3));
  EXPECT_EQ(window.oldest(), 4);
  EXPECT_EQ(window.bytes(), 20u);
}

TEST(Rate, IsOfTheLastSeconds) {
  using std::chrono::milliseconds;
  Rate rate(std::chrono::seconds(2));
  EXPECT_EQ(rate.per_second(start), 0);
  for (int i = 0; i <= 10; ++i) rate.add(100, start + milliseconds(100 * i));
  EXPECT_NEAR(rate.per_second(start + milliseconds(1000)), 1000, 1e-6);
  EXPECT_NEAR(rate.per_second(start + milliseconds(2000)), 500, 1e-6);
  EXPECT_EQ(rate.per_second(start + milliseconds(60'000)), 0);
  EXPECT_EQ(rate.total(), 1100u);
}

}  // namespace
}  // namespace piste::client
