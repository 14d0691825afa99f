#include "tracking/pair.h"

#include <algorithm>
#include <cmath>

#include "tracking/body.h"

namespace piste::tracking {
namespace {

using types::Pose;

double squared(double value) {
  return value * value;
}

// Feet stand on one line, which a camera that is tilted or looks along the piste shows with a slope: measured
// on 136 recorded phrases of six set-ups, .06 in the median of most of them, up to .18.
double feet_cost(const Pose& left, const Pose& right, double height, double apart) {
  return std::min(16.0, squared((feet(left) - feet(right)) / (0.12 * height + 0.06 * apart)));
}

double size_cost(const Pose& left, const Pose& right) {
  return std::min(16.0,
                  squared(std::log(left.box.height() / right.box.height()) / 0.35));  // a lunge lowers to .65
}

double distance_cost(double apart, double height) {
  const double bodies = apart / height;
  if (bodies < 0.35) return squared((0.35 - bodies) / 0.1);
  return bodies > 7 ? std::min(4.0, squared((bodies - 7) / 1.5)) : 0;
}

// What speaks against one person, who should face `forward` (1: to the right).
double person_cost(const Pose& pose, double forward, const FrameSize& frame) {
  const double height = pose.box.height();
  const double turned_away = 1.5 * (1 - forward * facing(pose)) / 2;
  const double upright = std::clamp((0.35 - stance(pose) / height) / 0.2, 0.0, 1.0);
  const double unsure = 1.5 * (1 - std::clamp<double>(pose.score, 0, 1));
  const double cut_off = pose.box.bottom > 0.98 * frame.height ? 4 : 0;
  return turned_away + upright + unsure + cut_off;
}

// Those for whom the camera was set up are not the smallest, nor at the edge.
double place_cost(const Pose& left, const Pose& right, double height, const FrameSize& frame) {
  const double small = std::clamp(-std::log(height / (0.25 * frame.height)), -1.0, 2.0);
  const double middle = (centre(left.box).x + centre(right.box).x) / 2;
  return small + std::abs(middle / frame.width - 0.5) * 2;
}

}  // namespace

bool is_person(const Pose& pose, const FrameSize& frame) {
  return pose.box.height() > 0.04 * frame.height && pose.box.width() > 0 && pose.score > 0.1;
}

double pair_cost(const Pose& left, const Pose& right, const FrameSize& frame) {
  const double height = (left.box.height() + right.box.height()) / 2.0;
  const double apart = torso(right).x - torso(left).x;
  return feet_cost(left, right, height, apart) + size_cost(left, right) + distance_cost(apart, height) +
         person_cost(left, 1, frame) + person_cost(right, -1, frame) + place_cost(left, right, height, frame);
}

std::optional<Pair> best_pair(std::span<const Pose> people, const FrameSize& frame) {
  std::optional<Pair> best;
  for (std::size_t left = 0; left < people.size(); ++left) {
    for (std::size_t right = 0; right < people.size(); ++right) {
      if (left == right || torso(people[left]).x >= torso(people[right]).x) continue;
      if (!is_person(people[left], frame) || !is_person(people[right], frame)) continue;
      const double cost = pair_cost(people[left], people[right], frame);
      if (cost < no_pair && (!best || cost < best->cost)) best = Pair{left, right, cost};
    }
  }
  return best;
}

}  // namespace piste::tracking
