#include "render/limbs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace piste::render {
namespace {

namespace joint = types::joint;

// Someone who walks: hips go forward evenly, the ankles take turns in being in front.
std::vector<Skeleton> walk() {
  std::vector<Skeleton> frames;
  for (int i = 0; i < 60; ++i) {
    const double x = .03 * i;
    const double swing = .35 * std::sin(i * .2);
    Skeleton s{};
    s[joint::left_shoulder] = {x - .1, -1.4};
    s[joint::right_shoulder] = {x + .1, -1.4};
    s[joint::left_hip] = {x - .1, -.9};
    s[joint::right_hip] = {x + .1, -.9};
    s[joint::left_elbow] = {x - .15, -1.1};
    s[joint::right_elbow] = {x + .3, -1.2};
    s[joint::left_wrist] = {x - .1, -.9};
    s[joint::right_wrist] = {x + .5, -1.2};
    s[joint::left_knee] = {x - .5 * swing, -.5};
    s[joint::right_knee] = {x + .5 * swing, -.5};
    s[joint::left_ankle] = {x - swing, -.1 - .05 * std::cos(i * .2)};
    s[joint::right_ankle] = {x + swing, -.1 + .05 * std::cos(i * .2)};
    frames.push_back(s);
  }
  return frames;
}

std::vector<Skeleton> sorted_by_x(std::vector<Skeleton> frames) {
  for (Skeleton& s : frames) {
    for (std::size_t odd = 1; odd < joint::count; odd += 2) {
      if (s[odd].x > s[odd + 1].x) std::swap(s[odd], s[odd + 1]);
    }
  }
  return frames;
}

double longest_jump(const std::vector<Skeleton>& frames, std::size_t j) {
  double result = 0;
  for (std::size_t i = 1; i < frames.size(); ++i) {
    result = std::max(result,
                      std::hypot(frames[i][j].x - frames[i - 1][j].x, frames[i][j].y - frames[i - 1][j].y));
  }
  return result;
}

TEST(FollowLimbs, GivesBackLegsThatCross) {
  const std::vector<Skeleton> truth = walk();
  std::vector<Skeleton> frames = sorted_by_x(truth);
  follow_limbs(frames);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_NEAR(frames[i][joint::right_ankle].x, truth[i][joint::right_ankle].x, 1e-9) << "frame " << i;
    EXPECT_NEAR(frames[i][joint::left_wrist].x, truth[i][joint::left_wrist].x, 1e-9) << "frame " << i;
  }
}

TEST(FollowLimbs, KeepsEveryPointOfThePair) {
  const std::vector<Skeleton> before = sorted_by_x(walk());
  std::vector<Skeleton> frames = before;
  follow_limbs(frames);
  EXPECT_EQ(sorted_by_x(frames)[17][joint::left_knee].x, before[17][joint::left_knee].x);
  EXPECT_EQ(sorted_by_x(frames)[42][joint::right_ankle].y, before[42][joint::right_ankle].y);
}

TEST(FollowLimbs, LeavesAFencerWhoDoesNotCrossAlone) {
  std::vector<Skeleton> frames(20, walk()[4]);
  const Skeleton before = frames[0];
  follow_limbs(frames);
  for (std::size_t j = 0; j < joint::count; ++j) EXPECT_EQ(frames[9][j].x, before[j].x);
  EXPECT_EQ(longest_jump(frames, joint::right_ankle), 0);
}

TEST(FollowLimbs, TakesNoFramesAndOneFrame) {
  std::vector<Skeleton> none;
  follow_limbs(none);
  EXPECT_TRUE(none.empty());
  std::vector<Skeleton> one{walk()[0]};
  follow_limbs(one);
  EXPECT_EQ(one.size(), 1U);
}

}  // namespace
}  // namespace piste::render
