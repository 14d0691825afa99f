#include "session/progress_throttle.h"

#include <gtest/gtest.h>

namespace piste::session {
namespace {

using std::chrono::milliseconds;

TEST(ProgressThrottle, KeepsFirstAndLastAndTenASecond) {
  ProgressThrottle throttle;
  const ProgressThrottle::TimePoint start{};
  int passed = 0;
  for (int ms = 0; ms <= 999; ++ms) passed += throttle.passes("yolo", ms / 1000.0, start + milliseconds(ms));
  EXPECT_EQ(passed, 10);
  EXPECT_TRUE(throttle.passes("yolo", 1, start + milliseconds(1000)));
}

TEST(ProgressThrottle, TheLastPassesHoweverSoon) {
  ProgressThrottle throttle;
  EXPECT_TRUE(throttle.passes("fisheye", 0, {}));
  EXPECT_FALSE(throttle.passes("fisheye", 0.99, {}));
  EXPECT_TRUE(throttle.passes("fisheye", 1, {}));
}

TEST(ProgressThrottle, StagesDoNotHinderOneAnother) {
  ProgressThrottle throttle;
  EXPECT_TRUE(throttle.passes("yolo", 0.5, {}));
  EXPECT_TRUE(throttle.passes("overlay", 0.1, {}));
  EXPECT_FALSE(throttle.passes("overlay", 0.2, {}));
}

}  // namespace
}  // namespace piste::session
