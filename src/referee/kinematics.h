// The phrase as motion: for each fencer, series of positions and speeds on one even clock, free of the
// camera's size, rate and side. Everything after this file is written once, for a fencer who attacks towards
// +forward.
//
// Coordinates: forward = +x for the left fencer, -x for the right one; up = -y. Both relative to the picture,
// not to the fencer. Unit: a quarter of the distance between the front ankles at the start, so that the
// fencers stand 4.00 apart (about metres). Clock: kRate samples a second, with a sample exactly on the moment
// of the touch.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "types/track.h"

namespace piste::referee {

constexpr double kRate = 30;           // samples a second, whatever the camera's rate
constexpr double kTorso = 0.48;        // units: median distance from shoulders to hips of a fencer on guard
constexpr double kLongestPhrase = 12;  // s before the touch that are looked at

// So long in samples, and the sample so long before one; the first where there is none.
inline std::size_t steps(double seconds) {
  return static_cast<std::size_t>(std::lround(seconds * kRate));
}
inline std::size_t earlier(std::size_t at, double seconds) {
  return at > steps(seconds) ? at - steps(seconds) : 0;
}

// Joints as the clubs' recordings sort them: in every frame the further forward of each pair is the front
// one.
enum class Part : std::size_t {
  nose,
  rear_shoulder = 5,
  front_shoulder,
  rear_elbow,
  front_elbow,
  rear_wrist,
  front_wrist,
  rear_hip,
  front_hip,
  rear_knee,
  front_knee,
  rear_ankle,
  front_ankle,
};

struct Motion {
  double forward = 0;  // units
  double up = 0;       // units
  double speed = 0;    // units/s forward
  double climb = 0;    // units/s upward
  bool known = false;  // measured here, or between two measurements at most .4 s apart
};

using Series = std::vector<Motion>;

struct FencerMotion {
  std::array<Series, types::joint::count> joints;  // by Part; empty where the joint is never seen
  Series hips;                                     // middle of both hips: the fencer's place on the piste
  double torso = 0;                                // units; 0: not known

  const Series& operator[](Part part) const { return joints[static_cast<std::size_t>(part)]; }
};

struct Kinematics {
  types::PerSide<FencerMotion> fencers;
  std::vector<double> times;         // s on the tracks' clock, 1 / kRate apart
  std::vector<std::int64_t> frames;  // number of the nearest frame, one for each time
  std::size_t touch = 0;             // index of the touch; times[touch] is its time
  double unit = 1;                   // input lengths in one unit
  bool displacements = false;        // see types::Tracks

  std::size_t size() const { return times.size(); }
  bool empty() const { return times.empty(); }
};

// touch_time: on the tracks' clock; it may lie outside the tracks (a cut), the series then hold still there.
// after: s after it that are looked at. Empty when no fencer is seen anywhere near the touch.
Kinematics measure(const types::Tracks& tracks, double touch_time, double after = 0.5);

}  // namespace piste::referee
