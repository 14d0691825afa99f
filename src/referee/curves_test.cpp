#include "referee/curves.h"

#include <gmock/gmock.h>

#include <cmath>

#include "referee/test_phrases.h"

namespace piste::referee {
namespace {

TEST(Curves, AreTheMotionOfBothFencers) {
  const Drawn advances{.speed = [](double) { return 1.0; }};
  const Drawn retreats{.speed = [](double) { return -0.5; }, .hand_up = [](double) { return 0.2; }};
  const auto curves = curves_of(drawn(advances, retreats), 1.8);
  ASSERT_GT(curves.times.size(), 50u);
  for (const auto* values : {&curves.distance, &curves.fencers.left.speed, &curves.fencers.left.hand,
                             &curves.fencers.right.speed, &curves.fencers.right.hand})
    ASSERT_EQ(values->size(), curves.times.size());
  const std::size_t middle = curves.times.size() / 2;
  EXPECT_NEAR(curves.fencers.left.speed[middle], 1, 0.1);
  EXPECT_NEAR(curves.fencers.right.speed[middle], -0.5, 0.1);
  EXPECT_GT(curves.fencers.right.hand[middle], curves.fencers.left.hand[middle] + 0.3) << "up is plus";
  const double second = curves.distance[middle + 15] - curves.distance[middle - 15];
  EXPECT_NEAR(second, -0.5, 0.1) << "nearer by what both walk in a second";
  EXPECT_GT(curves.distance.front(), 3.5);
}

TEST(Curves, AreEmptyWhereNobodyIsSeen) {
  EXPECT_TRUE(curves_of({}, 1).times.empty());
}

}  // namespace
}  // namespace piste::referee
