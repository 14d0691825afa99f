#include "referee/curves.h"

#include <limits>

#include "referee/kinematics.h"

namespace piste::referee {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

std::vector<double> speed(const Series& hips) {
  std::vector<double> out;
  out.reserve(hips.size());
  for (const Motion& at : hips) out.push_back(at.known ? at.speed : unknown);
  return out;
}

// Of displacements each joint has a place of its own: nothing is above another.
std::vector<double> hand(const FencerMotion& fencer, bool displacements) {
  const Series& wrist = fencer[Part::front_wrist];
  std::vector<double> out(fencer.hips.size(), unknown);
  for (std::size_t i = 0; i < out.size() && i < wrist.size() && !displacements; ++i) {
    if (wrist[i].known && fencer.hips[i].known) out[i] = wrist[i].up - fencer.hips[i].up;
  }
  return out;
}

std::vector<double> distance(const Kinematics& motion) {
  const Series& left = motion.fencers.left.hips;
  const Series& right = motion.fencers.right.hips;
  std::vector<double> out(motion.size(), unknown);
  for (std::size_t i = 0; i < out.size() && !motion.displacements; ++i) {
    if (left[i].known && right[i].known) out[i] = -right[i].forward - left[i].forward;
  }
  return out;
}

}  // namespace

types::Curves curves_of(const types::Tracks& tracks, double touch_time) {
  const Kinematics motion = measure(tracks, touch_time);
  types::Curves out;
  if (motion.empty()) return out;
  out.times = motion.times;
  out.distance = distance(motion);
  for (const types::Side side : types::both_sides) {
    const FencerMotion& fencer = motion.fencers[side];
    out.fencers[side] = {speed(fencer.hips), hand(fencer, motion.displacements)};
  }
  return out;
}

}  // namespace piste::referee
