#include "tracking/pair.h"

#include <algorithm>
#include <cmath>

#include "tracking/body.h"

namespace piste::tracking {
namespace {

using types::Pose;

constexpr double usual_stance = 0.25;  // of the height: taken where a foot is not seen
constexpr double lowest_camera = 0.4;  // body heights above the floor: .7 m
constexpr double highest_camera = 2.0;
constexpr double watched = 0.5;  // s, after which backs that are turned count as such

double squared(double value) {
  return value * value;
}

// On one floor a body's feet lie below the horizon by as many of its own heights as the camera is high, for
// everybody alike. So who is larger stands lower, by the difference in height times that. What is left over
// is a tilted camera's slope: measured on 136 recorded phrases of six set-ups, .06 in the median of most of
// them, up to .18.
double floor_cost(const Person& left, const Person& right, double height, double apart) {
  const double larger = left.height - right.height;
  const double low = std::min(lowest_camera * larger, highest_camera * larger);
  const double high = std::max(lowest_camera * larger, highest_camera * larger);
  const double lower = left.feet - right.feet;
  const double off = std::max({0.0, low - lower, lower - high});
  return std::min(16.0, squared(off / (0.12 * height + 0.06 * apart)));
}

// A camera at the piste's end sees one fencer twice as large as the other; seldom more.
double size_cost(const Person& left, const Person& right) {
  return std::min(16.0, squared(std::log(left.height / right.height) / 0.45));
}

double distance_cost(double apart, double height) {
  const double bodies = apart / height;
  if (bodies < 0.35) return squared((0.35 - bodies) / 0.1);
  return bodies > 7 ? std::min(4.0, squared((bodies - 7) / 1.5)) : 0;
}

// What speaks against one person, who should face `forward` (1: to the right).
double person_cost(const Person& person, double forward) {
  const double turned_away = 1.5 * (1 - forward * person.facing) / 2;
  const double upright = 1.5 * std::clamp((0.40 - person.stance) / 0.25, 0.0, 1.0);
  const double unsure = 1.0 * (1 - std::clamp(person.score, 0.0, 1.0));
  const double cut_off = person.cut_off ? 4 : 0;
  return turned_away + upright + unsure + cut_off;
}

// Two who turn their backs on each other for long do not fence with each other.
double backs_cost(const Person& left, const Person& right) {
  const double mutual = (left.facing - right.facing) / 2;
  if (mutual >= 0 || std::min(left.known_for, right.known_for) < watched) return 0;
  return std::min(no_pair, squared(mutual / 0.15));
}

// Fencers are dressed alike, whatever the light makes of white.
double dressed_cost(const Person& left, const Person& right) {
  return std::min(3.0, squared(std::max(0.0, unlike(left.clothes, right.clothes) - 0.10) / 0.15));
}

// Those for whom the camera was set up are not the smallest, nor at the edge.
double outside_cost(const Person& left, const Person& right, double height, const FrameSize& frame) {
  const double small = 1.5 * std::clamp(-std::log(height / (0.25 * frame.height)), -1.2, 2.0);
  const double middle = (left.torso.x + right.torso.x) / 2;
  return small + std::abs(middle / frame.width - 0.5) * 2;
}

}  // namespace

Person person_of(const Pose& pose, const FrameSize& frame) {
  Person person;
  const double box = std::max(1.0F, pose.box.height());
  person.torso = torso(pose);
  person.feet = feet(pose);
  person.height = std::max(1.0, stature(pose));
  person.stance = stance(pose).value_or(usual_stance * box) / box;
  person.facing = facing(pose);
  person.score = pose.score;
  person.clothes = pose.clothes;
  person.cut_off = cut_off_below(pose, frame.height);
  person.candidate = pose.box.height() > 0.04 * frame.height && pose.box.width() > 0 && pose.score > 0.1 &&
                     has_body(pose.keypoints);
  return person;
}

double place_cost(const Person& left, const Person& right) {
  const double height = (left.height + right.height) / 2;
  const double apart = right.torso.x - left.torso.x;
  return floor_cost(left, right, height, apart) + size_cost(left, right) + distance_cost(apart, height);
}

double pair_cost(const Person& left, const Person& right, const FrameSize& frame) {
  return place_cost(left, right) + person_cost(left, 1) + person_cost(right, -1) + backs_cost(left, right) +
         dressed_cost(left, right) + outside_cost(left, right, (left.height + right.height) / 2, frame);
}

std::optional<Pair> best_pair(std::span<const Person> people, const FrameSize& frame,
                              std::optional<std::size_t> without) {
  std::optional<Pair> best;
  for (std::size_t left = 0; left < people.size(); ++left) {
    for (std::size_t right = 0; right < people.size(); ++right) {
      if (left == right || left == without || right == without) continue;
      if (people[left].torso.x >= people[right].torso.x) continue;
      if (!people[left].candidate || !people[right].candidate) continue;
      const double cost = pair_cost(people[left], people[right], frame);
      if (cost < no_pair && (!best || cost < best->cost)) best = Pair{left, right, cost};
    }
  }
  return best;
}

}  // namespace piste::tracking
