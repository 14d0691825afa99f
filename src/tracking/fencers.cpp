#include "tracking/fencers.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "tracking/body.h"
#include "tracking/geometry.h"

namespace piste::tracking {
namespace {

using types::BoundingBox;
using types::Pose;
using types::Side;

constexpr std::size_t most_people = 20;
constexpr int trusted_from = 3;  // looks in agreement
constexpr int most_trust = 5;    // and so many against, before the pair is given up
constexpr double trial_margin =
    0.5;  // of pair cost, by which another pair must be better than one on trial ...
constexpr double clear_margin = 1.5;  // ... and than a trusted one
constexpr double step = 0.6;          // extents that a body may be off its prediction ...
constexpr double step_growth = 2;     // ... and as many more per second out of sight
constexpr double slip = 0.4;          // extents between a fencer and the bystander who was taken for him ...
constexpr double slip_growth = 1;     // ... and as many more per second
constexpr double trial = 1;           // s, for which a pair is new
constexpr double longest_age = 1;     // s
constexpr double gone = 0.3;          // s out of sight, after which a fencer may be found anywhere
constexpr double told_apart = 0.5;    // extents between the torsos
constexpr double entangled = 0.8;     // extents between the torsos: not the moment to judge who is a pair

double apart(const Pose& left, const Pose& right) {
  return (torso(right).x - torso(left).x) / std::max(1.0, extent(left.box) + extent(right.box)) * 2;
}

}  // namespace

bool Fencers::trusted() const {
  return known(Side::left) && known(Side::right) && trust_ >= trusted_from;
}

double Fencers::surprise(Side side, double time, const BoundingBox& box) const {
  const Motion& motion = *motions_[side];
  const double unseen =
      clash_since_ ? time - std::min(*clash_since_, motion.last_seen()) : time - motion.last_seen();
  const double reach = step + step_growth * std::clamp(unseen, 0.0, longest_age);
  const BoundingBox expected = motion.predicted(time);
  const double size = std::max(1.0, extent(expected));
  const double resized = std::abs(std::log(std::max(1.0, extent(box)) / size));
  return (distance(centre(box), centre(expected)) / size + 0.3 * resized) / reach;
}

void Fencers::follow(Side side, double time, const BoundingBox& box) {
  motions_[side]->update(time, box);
  held_[side] = true;
}

void Fencers::enter_clash(double time) {
  if (!clash_since_) clash_since_ = time;
}

Fencers::Outcome Fencers::look(double time, std::span<const Pose> people) {
  people = people.first(std::min(people.size(), most_people));
  const auto best = best_pair(people, frame_);
  Outcome outcome;
  if (!known(Side::left) && !known(Side::right)) {
    if (best)
      adopt(time, people, *best, outcome);
    else
      adopt_single(time, people, outcome);
    return outcome;
  }
  outcome.match = match(time, people);
  if (clash_since_) {
    leave_clash(time, people, outcome.match);
  } else {
    find_again(time, people, best, outcome);
    weigh(time, people, best, outcome);
  }
  return outcome;
}

Fencers::Outcome Fencers::look_back(double time, std::span<const Pose> people,
                                    const types::PerSide<BoundingBox>& then) {
  people = people.first(std::min(people.size(), most_people));
  const auto now = motions_;
  for (const Side side : types::both_sides) motions_[side] = Motion(time, then[side]);
  Outcome outcome;
  outcome.match = match(time, people);
  weigh(time, people, best_pair(people, frame_), outcome);
  for (const Side side : types::both_sides) {
    if (!outcome.mistaken_since[side]) motions_[side] = now[side];
  }
  return outcome;
}

// The assignment of least surprise that keeps left left of right.
Match Fencers::match(double time, std::span<const Pose> people) const {
  const auto cost = [&](Side side, std::size_t person) {
    if (person == people.size()) return 1.0;  // nobody
    return known(side) ? surprise(side, time, people[person].box) : 2.0;
  };
  Match found;
  double least = cost(Side::left, people.size()) + cost(Side::right, people.size());
  for (std::size_t left = 0; left <= people.size(); ++left) {
    for (std::size_t right = 0; right <= people.size(); ++right) {
      const bool both = left < people.size() && right < people.size();
      if (both && torso(people[left]).x >= torso(people[right]).x) continue;  // also the same person twice
      const double sum = cost(Side::left, left) + cost(Side::right, right);
      if (sum >= least) continue;
      least = sum;
      found.left = left < people.size() ? std::optional(left) : std::nullopt;
      found.right = right < people.size() ? std::optional(right) : std::nullopt;
    }
  }
  return found;
}

// A fencer who was out of sight is where he was expected, or else beside the other one in the best pair.
void Fencers::find_again(double time, std::span<const Pose> people, const std::optional<Pair>& best,
                         Outcome& outcome) {
  for (const Side side : types::both_sides) {
    if (held_[side]) continue;
    auto& matched = outcome.match[side];
    const auto other = outcome.match[opposite(side)];
    const bool anywhere = !known(side) || time - motions_[side]->last_seen() > gone;
    if (!matched && anywhere && best && other == (side == Side::left ? best->right : best->left)) {
      matched = side == Side::left ? best->left : best->right;
    }
    if (matched) motions_[side] = Motion(time, people[*matched].box);
  }
}

void Fencers::weigh(double time, std::span<const Pose> people, const std::optional<Pair>& best,
                    Outcome& outcome) {
  if (!best) return;
  const auto [left, right] = outcome.match;
  if (left && right && apart(people[*left], people[*right]) < entangled) return;
  const double margin = trusted() ? clear_margin : trial_margin;
  if (left && right && pair_cost(people[*left], people[*right], frame_) < best->cost + margin) {
    trust_ = std::min(trust_ + 1, most_trust);
    agree(time);
    return;
  }
  // A fencer whom the detector misses once speaks for nobody else.
  if (trusted() && !(left && right)) return;
  doubt(time, people, *best);
  if (trust_ <= 0) adopt(time, people, *best, outcome);
}

void Fencers::agree(double time) {
  doubtful_ = false;
  agreed_at_ = time;
  for (const Side side : types::both_sides) {
    if (known(side)) agreed_on_[side] = motions_[side]->predicted(time);
  }
}

// Either the track has slipped off the fencer since the last agreement, or, where the pair is new and the
// fencer is far away, it never was on him.
void Fencers::doubt(double time, std::span<const Pose> people, const Pair& other) {
  --trust_;
  if (std::exchange(doubtful_, true)) return;
  const Match fencers{other.left, other.right};
  for (const Side side : types::both_sides) {
    const BoundingBox& box = people[*fencers[side]].box;
    const double reach = (slip + slip_growth * (time - agreed_at_)) * extent(box);
    const bool slipped = distance(centre(agreed_on_[side]), centre(box)) < reach;
    mistaken_since_[side] = slipped || agreed_at_ - adopted_at_ > trial ? agreed_at_ : adopted_at_;
  }
}

void Fencers::adopt(double time, std::span<const Pose> people, const Pair& pair, Outcome& outcome) {
  outcome.match = {pair.left, pair.right};
  for (const Side side : types::both_sides) {
    const BoundingBox& box = people[*outcome.match[side]].box;
    if (known(side) && surprise(side, time, box) <= 1) continue;
    if (known(side)) outcome.mistaken_since[side] = mistaken_since_[side];
    motions_[side] = Motion(time, box);
  }
  trust_ = 1;
  adopted_at_ = time;
  agree(time);
}

// Nobody to make a pair with: the clearest person, on the side to which his place and his front speak.
void Fencers::adopt_single(double time, std::span<const Pose> people, Outcome& outcome) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (is_person(people[i], frame_) && (!best || people[i].score > people[*best].score)) best = i;
  }
  if (!best) return;
  const double from_middle = centre(people[*best].box).x / frame_.width - 0.5;
  const Side side = 2 * from_middle - facing(people[*best]) < 0 ? Side::left : Side::right;
  outcome.match[side] = *best;
  motions_[side] = Motion(time, people[*best].box);
  trust_ = 1;
  adopted_at_ = time;
  agree(time);
}

void Fencers::leave_clash(double time, std::span<const Pose> people, const Match& match) {
  if (!match.left || !match.right) return;
  if (apart(people[*match.left], people[*match.right]) < told_apart) return;
  for (const Side side : types::both_sides) motions_[side] = Motion(time, people[*match[side]].box);
  clash_since_.reset();
}

}  // namespace piste::tracking
