#include "tracking/pair.h"

#include <gtest/gtest.h>

#include <vector>

#include "tracking/scene_for_tests.h"

namespace piste::tracking {
namespace {

using scene::Figure;
using scene::skeleton;

constexpr FrameSize frame{scene::width, scene::height};

types::Pose left_fencer() {
  return skeleton({.x = 380});
}
types::Pose right_fencer() {
  return skeleton({.x = 900, .front = -1});
}

std::optional<Pair> best_pair(const std::vector<types::Pose>& poses, const FrameSize& within) {
  std::vector<Person> people;
  for (const auto& pose : poses) people.push_back(person_of(pose, within));
  return tracking::best_pair(people, within);
}

double pair_cost(const types::Pose& left, const types::Pose& right, const FrameSize& within) {
  return tracking::pair_cost(person_of(left, within), person_of(right, within), within);
}

TEST(BestPair, IsTheFencersInWhateverOrder) {
  const auto referee = skeleton({.x = 640, .floor = 545, .tall = 190, .front = 0, .stride = 0.35});
  std::vector<types::Pose> people{referee, right_fencer(), left_fencer()};
  const auto pair = best_pair(people, frame);
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->left, 2U);
  EXPECT_EQ(pair->right, 1U);
}

TEST(BestPair, NeedsTwoPeople) {
  EXPECT_FALSE(best_pair(std::vector<types::Pose>{}, frame));
  const std::vector<types::Pose> one{left_fencer()};
  EXPECT_FALSE(best_pair(one, frame));
}

TEST(BestPair, IsNobodyWhereFeetStandOnDifferentGround) {
  const std::vector<types::Pose> people{left_fencer(), skeleton({.x = 900, .floor = 420, .front = -1})};
  EXPECT_FALSE(best_pair(people, frame));
}

// Far apart, the one further from the camera smaller and higher up: as recorded beside a camera at the
// piste's end.
TEST(BestPair, AllowsForACameraThatLooksAlongThePiste) {
  const std::vector<types::Pose> people{skeleton({.x = 200, .floor = 620, .tall = 230}),
                                        skeleton({.x = 1060, .floor = 475, .tall = 155, .front = -1})};
  EXPECT_TRUE(best_pair(people, frame));
}

TEST(BestPair, LooksPastSpecksAndGhosts) {
  auto ghost = right_fencer();
  ghost.score = 0.05F;
  const std::vector<types::Pose> people{left_fencer(), skeleton({.x = 900, .tall = 12, .front = -1}), ghost};
  EXPECT_FALSE(best_pair(people, frame));
}

TEST(PairCost, IsTheSameInTheMirror) {
  const Figure left{.x = 300, .floor = 590, .lunge = 0.7};
  const Figure right{.x = 800, .tall = 200, .front = -1, .stride = 0.2};
  const auto mirrored = [](Figure figure) {
    figure.x = scene::width - figure.x;
    figure.front = -figure.front;
    return skeleton(figure);
  };
  EXPECT_NEAR(pair_cost(skeleton(left), skeleton(right), frame),
              pair_cost(mirrored(right), mirrored(left), frame), 1e-3);
}

TEST(PairCost, RisesWithWhatSpeaksAgainstAPair) {
  const double fencers = pair_cost(left_fencer(), right_fencer(), frame);
  EXPECT_GT(pair_cost(skeleton({.x = 380, .front = -1}), right_fencer(), frame), fencers);    // turned away
  EXPECT_GT(pair_cost(skeleton({.x = 380, .floor = 560}), right_fencer(), frame), fencers);   // feet
  EXPECT_GT(pair_cost(skeleton({.x = 380, .tall = 320}), right_fencer(), frame), fencers);    // size
  EXPECT_GT(pair_cost(skeleton({.x = 380, .stride = 0.5}), right_fencer(), frame), fencers);  // upright
  EXPECT_GT(pair_cost(skeleton({.x = 880}), right_fencer(), frame), fencers);                 // in one place
  EXPECT_LT(pair_cost(skeleton({.x = 500, .lunge = 1}), right_fencer(), frame), no_pair);
}

}  // namespace
}  // namespace piste::tracking
