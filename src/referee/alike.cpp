#include "referee/alike.h"

#include <cmath>

namespace piste::referee {
namespace {

using types::Side;

constexpr double kAlikeFor = 0.8;  // s
// units/s: the difference of two speeds that are each off by kSpeedError, and a fifth. One of 128 club
// phrases that a referee gave to a fencer lies below.
constexpr double kApart = 0.25;
constexpr double kArriving = 0.15;  // s before the touch by which an attack that hits may have ended

double speeds_apart(const Kinematics& motion) {
  const auto look_back = static_cast<std::size_t>(kAlikeFor * kRate);
  const std::size_t from = motion.touch > look_back ? motion.touch - look_back : 0;
  double sum = 0;
  for (std::size_t i = from; i <= motion.touch; ++i) {
    const double apart = motion.fencers.left.hips[i].speed - motion.fencers.right.hips[i].speed;
    sum += apart * apart;
  }
  return std::sqrt(sum / static_cast<double>(motion.touch - from + 1));
}

bool under_way(const Span& attack, const Kinematics& motion) {
  return motion.times[motion.touch] - motion.times[attack.last] <= kArriving;
}

}  // namespace

std::optional<double> alike_attacks(const Kinematics& motion, const std::vector<Span>& actions) {
  if (motion.displacements) return std::nullopt;
  const Span* left = last_of(actions, Act::attack, Side::left, motion);
  const Span* right = last_of(actions, Act::attack, Side::right, motion);
  if (!left || !right || !under_way(*left, motion) || !under_way(*right, motion)) return std::nullopt;
  const double apart = speeds_apart(motion);
  return apart <= kApart ? std::optional(apart) : std::nullopt;
}

}  // namespace piste::referee
