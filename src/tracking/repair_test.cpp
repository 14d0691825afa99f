#include "tracking/repair.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "tracking/limbs.h"

namespace piste::tracking {
namespace {

using namespace types::joint;
using types::Keypoint;

constexpr double body = 200;  // pixels

// A walk: one foot stands while the other one passes it.
float stepped(double start, double time, double first) {
  double x = start;
  for (double step = first; step < time; step += 1) {
    const double share = std::clamp((time - step) / 0.3, 0.0, 1.0);
    x += 120 * share * share * (3 - 2 * share);
  }
  return static_cast<float>(x);
}

Keypoint left_foot(double time) {
  return {stepped(300, time, 0.1), 600, 0.8F};
}
Keypoint right_foot(double time) {
  return {stepped(360, time, 0.6), 598, 0.8F};
}

Points walk(double fps, double length = 2) {
  Points points;
  for (int i = 0; i < length * fps; ++i) {
    types::TrackPoint point{i, i / fps, true, true, {}};
    for (auto& keypoint : point.keypoints) keypoint = {static_cast<float>(300 + 80 * point.time), 500, 0.8F};
    point.keypoints[nose].y = 420;
    point.keypoints[left_ankle] = left_foot(point.time);
    point.keypoints[right_ankle] = right_foot(point.time);
    points.push_back(point);
  }
  return points;
}

void exchange_feet(types::TrackPoint& point) {
  std::swap(point.keypoints[left_ankle], point.keypoints[right_ankle]);
}

class RepairAtFrameRate : public testing::TestWithParam<double> {
 protected:
  double fps() const { return GetParam(); }
  std::size_t at(double time) const { return static_cast<std::size_t>(std::lround(time * fps())); }
};

TEST_P(RepairAtFrameRate, LeavesCrossingLegsAlone) {
  Points points = walk(fps());
  untangle(points, body);
  for (const auto& point : points)
    EXPECT_EQ(point.keypoints[left_ankle].x, left_foot(point.time).x) << point.time;
}

TEST_P(RepairAtFrameRate, ExchangesFeetThatWereMistakenForOneAnother) {
  Points points = walk(fps());
  for (const double time : {0.27, 0.8, 1.7}) exchange_feet(points[at(time)]);
  for (std::size_t i = at(1.15); i < at(1.3); ++i) exchange_feet(points[i]);
  untangle(points, body);
  for (const auto& point : points) {
    EXPECT_EQ(point.keypoints[left_ankle].x, left_foot(point.time).x) << point.time;
    EXPECT_EQ(point.keypoints[right_ankle].x, right_foot(point.time).x) << point.time;
  }
}

TEST_P(RepairAtFrameRate, UnsetsFeetFoundInThePlaceOfOneOfThem) {
  Points points = walk(fps());
  const auto collapse = [&](std::size_t i) {
    points[i].keypoints[left_ankle] = points[i].keypoints[right_ankle];
    points[i].keypoints[left_ankle].x += 3;
  };
  for (auto& point : points) {  // en garde: both feet rest, .35 heights apart
    point.keypoints[left_ankle].x = 300;
    point.keypoints[right_ankle].x = 370;
  }
  collapse(at(0.5));
  collapse(at(1.0));
  collapse(at(1.0) + 1);
  drop_collapsed(points, body);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool gone = i == at(0.5) || i == at(1.0) || i == at(1.0) + 1;
    EXPECT_EQ(points[i].keypoints[left_ankle].score > 0, !gone) << i;
    EXPECT_EQ(points[i].keypoints[right_ankle].score > 0, !gone) << i;
  }
}

TEST_P(RepairAtFrameRate, KeepsFeetThatTrulyMeet) {
  Points points = walk(fps());
  drop_collapsed(points, body);
  for (const auto& point : points) EXPECT_GT(point.keypoints[left_ankle].score, 0) << point.time;
}

TEST_P(RepairAtFrameRate, DropsOnlyTheKeypointThatJumps) {
  Points points = walk(fps());
  const std::size_t jump = at(0.6);
  points[jump].keypoints[left_wrist].x += 150;
  drop_jumps(points, body);
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_EQ(points[i].keypoints[left_wrist].score > 0, i != jump) << i;
    EXPECT_GT(points[i].keypoints[left_ankle].score, 0) << i;
  }
}

TEST_P(RepairAtFrameRate, KeepsAHandThatStrikes) {
  Points points = walk(fps());
  for (auto& point : points) {  // out and back within .3 s, as fast as a hand can
    const double phase = std::clamp((point.time - 0.5) / 0.3, 0.0, 1.0);
    point.keypoints[left_wrist].x += static_cast<float>(0.6 * body * std::pow(std::sin(3.14159 * phase), 2));
  }
  drop_jumps(points, body);
  for (const auto& point : points) EXPECT_GT(point.keypoints[left_wrist].score, 0) << point.time;
}

TEST_P(RepairAtFrameRate, SmoothsWithoutLag) {
  Points points = walk(fps());
  smooth(points);
  for (const auto& point : points) {
    EXPECT_NEAR(point.keypoints[left_hip].x, 300 + 80 * point.time, 0.01);
    EXPECT_NEAR(point.keypoints[left_ankle].x, left_foot(point.time).x, 3);
  }
}

TEST_P(RepairAtFrameRate, FillsAGapWithAStraightLine) {
  Points points = walk(fps());
  for (std::size_t i = at(0.5) + 1; i < at(0.7); ++i) {
    points[i].keypoints = {};
    points[i].seen = points[i].reliable = false;
  }
  fill_gaps(points);
  for (std::size_t i = at(0.5); i <= at(0.7); ++i) {
    EXPECT_NEAR(points[i].keypoints[left_hip].x, 300 + 80 * points[i].time, 0.01);
    EXPECT_GT(points[i].keypoints[left_hip].score, 0);
    EXPECT_LE(points[i].keypoints[left_hip].score, 0.8F);
  }
}

TEST_P(RepairAtFrameRate, LeavesAGapOfHalfASecondOpen) {
  Points points = walk(fps());
  for (std::size_t i = at(0.5) + 1; i < at(1.0); ++i) points[i].keypoints = {};
  fill_gaps(points);
  for (std::size_t i = at(0.5) + 1; i < at(1.0); ++i) EXPECT_EQ(points[i].keypoints[left_hip].score, 0) << i;
}

TEST_P(RepairAtFrameRate, HoldsTheEndsForThreeTenths) {
  Points points = walk(fps(), 3);
  for (auto& point : points) {
    if (point.time < 0.99 || point.time > 2.01) point.keypoints = {};
  }
  fill_gaps(points);
  for (const auto& point : points) {
    const bool near = point.time > 0.75 && point.time < 2.25;
    const bool far = point.time < 0.65 || point.time > 2.35;
    if (near) {
      EXPECT_GT(point.keypoints[nose].score, 0) << point.time;
    }
    if (far) {
      EXPECT_EQ(point.keypoints[nose].score, 0) << point.time;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(FramesPerSecond, RepairAtFrameRate, testing::Values(15.0, 30.0, 60.0, 120.0));

TEST(Smooth, TakesASpikeOut) {
  Points points = walk(30);
  points[20].keypoints[nose].y += 15;
  smooth(points);
  EXPECT_EQ(points[20].keypoints[nose].y, 420);
}

TEST(Smooth, KeepsUnreliablePointsOutOfReliableOnes) {
  Points points = walk(30);
  for (std::size_t i = 30; i < points.size(); ++i) {
    points[i].reliable = false;
    points[i].keypoints[nose].y = 0;
  }
  smooth(points);
  EXPECT_EQ(points[29].keypoints[nose].y, 420);
  EXPECT_EQ(points[30].keypoints[nose].y, 0);
}

TEST(Repair, TakesNoPointsOnePointAndUnknownOnes) {
  Points none;
  Points one(1);
  Points unknown(50);
  for (Points* points : {&none, &one, &unknown}) {
    drop_collapsed(*points, body);
    untangle(*points, body);
    drop_jumps(*points, body);
    smooth(*points);
    fill_gaps(*points);
    for (const auto& point : *points) EXPECT_EQ(point.keypoints[nose].score, 0);
  }
}

}  // namespace
}  // namespace piste::tracking
