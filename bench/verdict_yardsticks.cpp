#include "verdict_yardsticks.h"

#include <cmath>

#include "referee/kinematics.h"

namespace piste::bench {
namespace {

using referee::Kinematics;
using types::Side;

constexpr double kStopped = 0.3;   // units/s
constexpr double kTie = 0.1;       // s
constexpr double kLookBack = 0.8;  // s

Kinematics motion_of(const LabelledPhrase& phrase) {
  return referee::measure(phrase.tracks, phrase.phrase.touches.front().time);
}

double last_stop(const Kinematics& motion, Side side) {
  const auto& hips = motion.fencers[side].hips;
  for (std::size_t i = motion.touch; i > 0; --i)
    if (hips[i].speed < kStopped) return motion.times[i];
  return motion.times.front();
}

double advance(const Kinematics& motion, Side side) {
  const auto& nose = motion.fencers[side][referee::Part::nose];
  const auto& series = nose.empty() ? motion.fencers[side].hips : nose;
  const auto back = static_cast<std::size_t>(kLookBack * referee::kRate);
  return series[motion.touch].forward - series[motion.touch > back ? motion.touch - back : 0].forward;
}

double pause_lean(const Kinematics& motion) {
  const double later = last_stop(motion, Side::right) - last_stop(motion, Side::left);
  return std::abs(later) < kTie ? 0 : later;
}

}  // namespace

double lean_by_last_pause(const LabelledPhrase& phrase) {
  const Kinematics motion = motion_of(phrase);
  return motion.empty() ? 0 : pause_lean(motion);
}

double lean_by_pause_and_advance(const LabelledPhrase& phrase) {
  const Kinematics motion = motion_of(phrase);
  if (motion.empty()) return 0;
  const double lean = pause_lean(motion);
  return lean != 0 ? lean : advance(motion, Side::left) - advance(motion, Side::right);
}

}  // namespace piste::bench
