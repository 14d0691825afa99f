#include "referee/kinematics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "referee/test_phrases.h"

namespace piste::referee {
namespace {

using types::Side;

constexpr double kTouch = 1.8;

// Speeds up, stops, goes back: smooth, so that its true speed is known everywhere.
double true_speed(double time) {
  return 1.2 * std::sin(2.5 * time);
}
double true_path(double time) {
  return 1.2 / 2.5 * (1 - std::cos(2.5 * time));
}

types::Tracks phrase(const Camera& camera = {}) {
  Drawn left;
  left.speed = true_speed;
  Drawn right;
  right.speed = constantly(0.5);
  return drawn(left, right, camera);
}

struct Error {
  double speed = 0, path = 0;
};

// The largest error of the left hips between two times; of the path relative to its value at the touch.
Error worst(const Kinematics& motion, double from, double to) {
  const Series& hips = motion.fencers.left.hips;
  Error out;
  for (std::size_t i = 0; i < motion.size(); ++i) {
    const double time = motion.times[i];
    if (time < from || time > to) continue;
    out.speed = std::max(out.speed, std::abs(hips[i].speed - true_speed(time)));
    const double path = hips[i].forward - hips[motion.touch].forward;
    out.path = std::max(out.path, std::abs(path - (true_path(time) - true_path(motion.times[motion.touch]))));
  }
  return out;
}

class KinematicsAtAnyRate : public testing::TestWithParam<double> {};

TEST_P(KinematicsAtAnyRate, SpeedAndPathAreRight) {
  const Kinematics motion = measure(phrase({.fps = GetParam()}), kTouch);
  const Error error = worst(motion, 0.2, kTouch);
  EXPECT_LT(error.speed, 0.10);  // units/s
  EXPECT_LT(error.path, 0.02);   // units
}

TEST_P(KinematicsAtAnyRate, TheClockHasASampleOnTheTouch) {
  const Kinematics motion = measure(phrase({.fps = GetParam()}), kTouch);
  ASSERT_LT(motion.touch, motion.size());
  EXPECT_DOUBLE_EQ(motion.times[motion.touch], kTouch);
}

TEST_P(KinematicsAtAnyRate, LostFramesAreBridged) {
  types::Tracks tracks = phrase({.fps = GetParam()});
  const auto hole = [](const types::TrackPoint& point) { return point.time > 0.9 && point.time < 1.15; };
  for (const Side side : types::both_sides) std::erase_if(tracks[side].points, hole);
  const Kinematics motion = measure(tracks, kTouch);
  const Error error = worst(motion, 0.2, kTouch);
  EXPECT_LT(error.speed, 0.35);
  EXPECT_LT(error.path, 0.06);
  for (std::size_t i = 0; i < motion.size(); ++i)
    if (motion.times[i] > 0.2 && motion.times[i] < kTouch) {
      EXPECT_TRUE(motion.fencers.left.hips[i].known) << motion.times[i];
    }
}

TEST_P(KinematicsAtAnyRate, LongHolesAreNotKnown) {
  types::Tracks tracks = phrase({.fps = GetParam()});
  const auto hole = [](const types::TrackPoint& point) { return point.time > 0.6 && point.time < 1.3; };
  for (const Side side : types::both_sides) std::erase_if(tracks[side].points, hole);
  const Kinematics motion = measure(tracks, kTouch);
  for (std::size_t i = 0; i < motion.size(); ++i)
    if (std::abs(motion.times[i] - 0.95) < 0.1) {
      EXPECT_FALSE(motion.fencers.left.hips[i].known) << motion.times[i];
    }
}

INSTANTIATE_TEST_SUITE_P(Cameras, KinematicsAtAnyRate, testing::Values(15, 24, 25, 30, 50, 60, 100, 120));

TEST(Kinematics, SwappedLimbsChangeNothing) {
  types::Tracks tracks = phrase();
  const Kinematics before = measure(tracks, kTouch);
  std::mt19937 random(7);
  for (const Side side : types::both_sides)
    for (auto& point : tracks[side].points)
      for (std::size_t rear = 5; rear < 17; rear += 2)
        if (random() % 2 == 0) std::swap(point.keypoints[rear], point.keypoints[rear + 1]);
  const Kinematics after = measure(tracks, kTouch);
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_DOUBLE_EQ(before.fencers.left.hips[i].forward, after.fencers.left.hips[i].forward);
    EXPECT_DOUBLE_EQ(before.fencers.right[Part::front_ankle][i].speed,
                     after.fencers.right[Part::front_ankle][i].speed);
  }
}

TEST(Kinematics, ABodyThatJumpsToTheOtherFencerIsLeftOut) {
  types::Tracks tracks = phrase();
  for (std::size_t i = 30; i < 34; ++i) tracks.left.points[i].keypoints = tracks.right.points[i].keypoints;
  const Error error = worst(measure(tracks, kTouch), 0.2, kTouch);
  EXPECT_LT(error.speed, 0.25);
  EXPECT_LT(error.path, 0.05);
}

// After a hole the pose is on somebody else, so far away that nobody gets there from where he stood.
types::Tracks lost_and_taken_up_elsewhere(double hole, float pixels, bool filled) {
  types::Tracks tracks = drawn({}, {}, {.length = 3});
  for (auto& point : tracks.left.points) {
    if (point.time >= 1.8 + hole) {
      for (auto& joint : point.keypoints) joint.x += pixels;
    } else if (point.time > 1.8) {
      point.seen = false;
      for (auto& joint : point.keypoints) joint.x += pixels * static_cast<float>((point.time - 1.8) / hole);
    }
  }
  if (!filled) std::erase_if(tracks.left.points, [](const auto& point) { return !point.seen; });
  if (!filled)
    std::erase_if(tracks.right.points,
                  [&](const auto& point) { return point.time > 1.8 && point.time < 1.8 + hole; });
  return tracks;
}

TEST(Kinematics, SomebodyElseAfterAHoleHasNotGainedGround) {
  for (const bool filled : {false, true}) {
    for (const double hole : {0.25, 0.4, 0.5}) {
      const Kinematics motion = measure(lost_and_taken_up_elsewhere(hole, 1.97F * 120, filled), 2.8);
      const auto& hips = motion.fencers.left.hips;
      EXPECT_NEAR(hips[motion.touch].forward, hips.front().forward, 0.05) << hole << filled;
      EXPECT_FALSE(hips[motion.touch].known) << hole << filled;
    }
  }
}

// Who was fast before the hole is as far on after it.
TEST(Kinematics, WhoRunsThroughAHoleIsTakenUpAgain) {
  Drawn runner;
  runner.speed = between_times(0.5, 2.0, 5.0, 0.5);
  types::Tracks tracks = drawn(runner, {}, {.length = 3, .distance = 9});
  const auto hole = [](const types::TrackPoint& point) { return point.time > 1.2 && point.time < 1.6; };
  for (const Side side : types::both_sides) std::erase_if(tracks[side].points, hole);
  const auto& hips = measure(tracks, 2.8).fencers.left.hips;
  EXPECT_GT(hips.back().forward - hips.front().forward, 5.0);
  EXPECT_TRUE(hips.back().known);
}

TEST(Kinematics, AJointThatJumpsForAFrameIsPutRight) {
  types::Tracks tracks = phrase();
  for (const std::size_t i : {25U, 40U})
    for (const std::size_t joint : {11U, 12U}) tracks.left.points[i].keypoints[joint].x += 150;
  const Error error = worst(measure(tracks, kTouch), 0.2, kTouch);
  EXPECT_LT(error.speed, 0.25);
  EXPECT_LT(error.path, 0.05);
}

TEST(Kinematics, ALateStartOfTheVideoLeavesTheRestAsItWas) {
  types::Tracks tracks = phrase();
  const auto early = [](const types::TrackPoint& point) { return point.time < 0.7; };
  for (const Side side : types::both_sides) std::erase_if(tracks[side].points, early);
  // The unit is the distance at the start: nearer by now, so that lengths are within a few hundredths.
  const Error error = worst(measure(tracks, kTouch), 0.9, kTouch);
  EXPECT_LT(error.speed, 0.45);
  EXPECT_LT(error.path, 0.25);
}

TEST(Kinematics, AVideoThatEndsBeforeTheTouchHoldsStillAndIsNotKnown) {
  types::Tracks tracks = phrase();
  const auto late = [](const types::TrackPoint& point) { return point.time > 1.5; };
  for (const Side side : types::both_sides) std::erase_if(tracks[side].points, late);
  const Kinematics motion = measure(tracks, kTouch);
  ASSERT_FALSE(motion.empty());
  EXPECT_EQ(motion.fencers.left.hips[motion.touch].speed, 0);
  EXPECT_FALSE(motion.fencers.left.hips[motion.touch].known);
  for (std::size_t i = 0; i < motion.size(); ++i)
    if (motion.times[i] > 0.2 && motion.times[i] < 1.4) {
      EXPECT_NEAR(motion.fencers.left.hips[i].speed, true_speed(motion.times[i]), 0.1);
    }
}

TEST(Kinematics, TheCamerasSizeDoesNotMatter) {
  const Kinematics small = measure(phrase({.unit = 40}), kTouch);
  const Kinematics large = measure(phrase({.unit = 400}), kTouch);
  for (std::size_t i = 0; i < small.size(); ++i)
    EXPECT_NEAR(small.fencers.left.hips[i].speed, large.fencers.left.hips[i].speed, 1e-3);
}

TEST(Kinematics, NothingSeen_IsEmpty) {
  EXPECT_TRUE(measure({}, 1).empty());
  types::Tracks unseen = phrase();
  for (auto& point : unseen.left.points) point.keypoints = {};
  EXPECT_TRUE(measure(unseen, kTouch).empty());
  EXPECT_TRUE(measure(phrase(), std::nan("")).empty());
}

}  // namespace
}  // namespace piste::referee
