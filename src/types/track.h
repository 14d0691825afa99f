// One fencer through the phrase: the same moments for both fencers, in order of time.
#pragma once

#include <cstdint>
#include <vector>

#include "types/pose.h"
#include "types/side.h"

namespace piste::types {

struct TrackPoint {
  std::int64_t number = 0;  // frame number
  double time = 0;          // seconds since the phrase's first frame
  bool seen = false;      // the pose model found this fencer here; otherwise the keypoints are filled in from
                          // neighbouring frames, or all have score 0 where nothing was near enough
  bool reliable = false;  // seen, and not in the clash, where both skeletons settle on one body
  Keypoints keypoints{};
  float doubt = 0;  // 0..1: how much spoke for it that somebody else is the fencer
};

struct Track {
  Side side = Side::left;
  std::vector<TrackPoint> points;
};

// Both fencers. Invariant: left.points and right.points have the same numbers and times.
struct Tracks {
  Track left{Side::left, {}};
  Track right{Side::right, {}};
  double fps = 30;  // nominal frames per second
  // true: every coordinate is relative to its own first frame, in metres, and each pair of joints is sorted:
  // even index in front. Nothing is then known of stances and of the distance between the fencers.
  bool displacements = false;

  Track& operator[](Side side) { return side == Side::left ? left : right; }
  const Track& operator[](Side side) const { return side == Side::left ? left : right; }
};

}  // namespace piste::types
