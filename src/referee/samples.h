// The joints of one fencer as measured: cleaned of what no body can have done, not yet smoothed. Internal to
// the kinematics.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "types/track.h"

namespace piste::referee {

// One joint's measurements: a structure of arrays in order of time.
struct Samples {
  std::vector<double> time, forward, up;
  std::size_t size() const { return time.size(); }
  void add(double t, double f, double u) {
    time.push_back(t);
    forward.push_back(f);
    up.push_back(u);
  }
};

using JointSamples = std::array<Samples, types::joint::count>;  // by Part

inline double sign(types::Side side) {
  return side == types::Side::left ? 1.0 : -1.0;
}

bool usable(const types::Keypoint& point);

// units/s that somebody must have reached who was seen so many units further on so much later. Over a hole
// nobody leaps to his mean speed: from what he had before it he gains evenly.
double speed_reached(double distance, double time, double speed_before);
constexpr double kSpeedTime = 0.1;  // s before a hole, over which speed_before is measured

// Between two times, in units: forward and up. Frames in which the pose settled on another body are left out,
// joints that jump for a frame or two are put right.
JointSamples joint_samples(const types::Tracks& tracks, types::Side side, double from, double to,
                           double unit);

}  // namespace piste::referee
