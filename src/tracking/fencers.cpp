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
constexpr int most_trust = 10;   // and so many against, before the pair is given up
constexpr double trial_margin =
    0.5;  // of pair cost, by which another pair must be better than one on trial ...
constexpr double clear_margin = 1.5;       // ... and than a trusted one, or ...
constexpr double as_good = 0.3;            // ... by more than this for long: in cost times s, ...
constexpr double most_outdone = 0.6;       // ... so much
constexpr double longest_weighed = 0.4;    // s, for which a look speaks
constexpr double told_from = 1.0;          // of pair cost, by which others must be worse to be no question
constexpr double sighted_step = 0.6;       // extents that a body may be off its prediction ...
constexpr double sighted_step_growth = 2;  // ... and as many more per second out of sight
constexpr double slip = 0.4;          // extents between a fencer and the bystander who was taken for him ...
constexpr double slip_growth = 1;     // ... and as many more per second
constexpr double trial = 1;           // s, for which a pair is new
constexpr double longest_age = 1;     // s
constexpr double gone = 0.3;          // s out of sight, after which a fencer may be found anywhere ...
constexpr double forgotten = 0.7;     // ... and from when on he is unknown
constexpr double longest_pass = 1.0;  // s that two bodies take to run past each other
constexpr double running = 0.8;       // extents per second towards each other: no fencer backs that fast
constexpr double back_to_back = 0.15;
constexpr double found_margin = 2.0;
constexpr double impossible = 4.0;      // of place cost: the track has slipped onto somebody else
constexpr double rival_margin = 0.5;    // of pair cost
constexpr double agreed_share = 0.2;    // with which a look counts in what the pair has cost
constexpr double partner_margin = 1.0;  // of pair cost, by which somebody must be better than nobody
constexpr double told_apart = 0.5;      // extents between the torsos
constexpr double entangled = 0.8;       // extents between the torsos: not the moment to judge who is a pair

bool stood_by_either(const Pair& pair, std::span<const Person> persons) {
  return persons[pair.left].is_bystander() || persons[pair.right].is_bystander();
}

// Torsos, in extents.
double gap(const Pose& left, const Pose& right) {
  return (torso(right).x - torso(left).x) / std::max(1.0, extent(left.box) + extent(right.box)) * 2;
}

}  // namespace

bool Fencers::trusted() const {
  return known(Side::left) && known(Side::right) && trust_ >= trusted_from;
}

double Fencers::ahead(const Pose& left, const Pose& right) const {
  return passed_ ? -gap(left, right) : gap(left, right);
}

double Fencers::cost(const Person& left, const Person& right) const {
  return passed_ ? pair_cost(right, left, frame_) : pair_cost(left, right, frame_);
}

double Fencers::surprise(Side side, double time, const Pose& body) const {
  const Motion& motion = *motions_[side];
  const BoundingBox& box = body.box;
  const double reach =
      sighted_step + sighted_step_growth * std::clamp(time - motion.last_seen(), 0.0, longest_age);
  const BoundingBox expected = motion.predicted(time);
  const double size = std::max(1.0, extent(expected));
  const double resized = std::abs(std::log(std::max(1.0, extent(box)) / size));
  const double off = (distance(centre(box), centre(expected)) / size + 0.3 * resized) / reach;
  return std::max(off, motion.changed(body));
}

void Fencers::follow(Side side, double time, const Pose& body) {
  motions_[side]->update(time, body);
  held_[side] = true;
}

void Fencers::enter_clash(double time) {
  if (clash_since_) return;
  clash_since_ = time;
  const double size = std::max(1.0, extent(motions_.left->predicted(time)));
  const double closing = (motions_.left->velocity().x - motions_.right->velocity().x) / size;
  closing_ = passed_ ? -closing : closing;
}

// Who has been out of sight for long could be anywhere.
void Fencers::release(double time) {
  for (const Side side : types::both_sides) {
    if (!known(side) || held_[side] || time - motions_[side]->last_seen() < forgotten) continue;
    motions_[side].reset();
    clash_since_.reset();
  }
  if (known(Side::left) || known(Side::right)) return;
  trust_ = 0;
  doubtful_ = false;
  passed_ = false;
}

// Whom a person's marks leave out is no candidate, wherever he stands.
std::vector<Person> Fencers::watch(double time, People people) {
  std::vector<Person> persons = crowd_.look(time, people);
  for (std::size_t i = 0; i < persons.size(); ++i) {
    persons[i].left_out = !marked_.on_piste(persons[i]) || !marked_.may_fence(time, people[i].box);
    persons[i].candidate = persons[i].candidate && !persons[i].left_out;
  }
  return persons;
}

Fencers::Outcome Fencers::look(double time, std::span<const Pose> people) {
  people = people.first(std::min(people.size(), most_people));
  const std::vector<Person> persons = watch(time, people);
  release(time);
  Outcome outcome;
  if (!known(Side::left) && !known(Side::right)) {
    if (marked_.awaited())
      adopt_marked(time, people, persons, outcome);
    else if (const auto best = best_pair(persons, frame_))
      adopt(time, people, *best, outcome);
    else
      adopt_single(time, people, persons, outcome);
    compare(outcome.match, persons);
    return outcome;
  }
  outcome.match = match(time, people, persons);
  take_back_slipped(time, people, persons, outcome);
  if (clash_since_) {
    look_in_clash(time, people, persons, outcome);
  } else {
    find_again(time, people, persons, outcome);
    weigh(time, people, persons, outcome);
    compare(outcome.match, persons);
  }
  return outcome;
}

Fencers::Outcome Fencers::look_back(double time, std::span<const Pose> people,
                                    const types::PerSide<BoundingBox>& then) {
  people = people.first(std::min(people.size(), most_people));
  const auto now = motions_;
  for (const Side side : types::both_sides) motions_[side] = now[side]->moved(time, then[side]);
  Outcome outcome;
  const std::vector<Person> persons = watch(time, people);
  outcome.match = match(time, people, persons);
  take_back_slipped(time, people, persons, outcome);
  weigh(time, people, persons, outcome);
  compare(outcome.match, persons);
  for (const Side side : types::both_sides) {
    if (!outcome.mistaken_since[side]) motions_[side] = now[side];
  }
  return outcome;
}

// The assignment of least surprise that keeps their order, but for a clash, in which they may pass.
Match Fencers::match(double time, People people, Persons persons) const {
  const auto cost = [&](Side side, std::size_t person) {
    if (person == people.size()) return 1.0;  // nobody
    const bool possible =
        known(side) && !persons[person].left_out && (held_[side] || !persons[person].is_bystander());
    return possible ? surprise(side, time, people[person]) : 2.0;
  };
  Match found;
  double least = cost(Side::left, people.size()) + cost(Side::right, people.size());
  for (std::size_t left = 0; left <= people.size(); ++left) {
    for (std::size_t right = 0; right <= people.size(); ++right) {
      const bool both = left < people.size() && right < people.size();
      if (both && (left == right || (!clash_since_ && ahead(people[left], people[right]) <= 0))) continue;
      const double sum = cost(Side::left, left) + cost(Side::right, right);
      if (sum >= least) continue;
      least = sum;
      found.left = left < people.size() ? std::optional(left) : std::nullopt;
      found.right = right < people.size() ? std::optional(right) : std::nullopt;
    }
  }
  return found;
}

// Where a fencer's track goes on with somebody who stood by, it has slipped onto him since the last look that
// saw the fencer himself.
void Fencers::take_back_slipped(double time, People people, Persons persons, Outcome& outcome) {
  for (const Side side : types::both_sides) {
    auto& matched = outcome.match[side];
    if (!matched) continue;
    if (has_slipped(side, *matched, outcome.match[opposite(side)], persons)) {
      outcome.mistaken_since[side] = sure_[side].last_seen();
      motions_[side] = sure_[side];
      held_[side] = false;
      matched.reset();
    } else {
      sure_[side] = Motion(time, people[*matched]);
    }
  }
}

// Whom the looks took for the fencer is out of sight, or makes the better pair. Where he does not, the two
// were only mixed up as the one walked past the other.
bool Fencers::has_slipped(Side side, std::size_t onto, std::optional<std::size_t> other,
                          Persons persons) const {
  if (!persons[onto].is_bystander()) return false;
  const auto himself = std::ranges::find(persons, std::optional(side), &Person::fencer);
  if (himself == persons.end()) return true;
  const auto with_other = [&](const Person& person) {
    if (!other) return no_pair;
    return side == Side::left ? cost(person, persons[*other]) : cost(persons[*other], person);
  };
  return with_other(*himself) <= with_other(persons[onto]);
}

// Who fences with this one: the best of those on his other side, if anybody does, and could be who was lost.
std::optional<std::size_t> Fencers::partner(Side side, std::size_t other, People people,
                                            Persons persons) const {
  std::optional<std::size_t> found;
  double least = std::min(no_pair - partner_margin, most_cost());
  for (std::size_t i = 0; i < persons.size(); ++i) {
    const Person& left = persons[side == Side::left ? i : other];
    const Person& right = persons[side == Side::left ? other : i];
    if (i == other || !persons[i].candidate || persons[i].is_bystander() || left.torso.x >= right.torso.x)
      continue;
    if (known(side) && motions_[side]->changed(people[i]) > 1) continue;
    const double sum = pair_cost(left, right, frame_);
    if (sum >= least) continue;
    least = sum;
    found = i;
  }
  return found;
}

// A fencer who was out of sight is where he was expected, or else he is whoever fences with the other one. In
// both cases the two must be a possible pair.
void Fencers::find_again(double time, People people, Persons persons, Outcome& outcome) {
  for (const Side side : types::both_sides) {
    if (held_[side]) continue;
    auto& matched = outcome.match[side];
    const auto other = outcome.match[opposite(side)];
    const bool anywhere = !known(side) || time - motions_[side]->last_seen() > gone;
    if (matched && other) {
      const Person& left = persons[side == Side::left ? *matched : *other];
      const Person& right = persons[side == Side::left ? *other : *matched];
      if (!(cost(left, right) < most_cost())) matched.reset();
    }
    if (!matched && anywhere && other && !passed_) matched = partner(side, *other, people, persons);
    if (matched) motions_[side] = Motion(time, people[*matched]);
  }
}

void Fencers::weigh(double time, People people, Persons persons, Outcome& outcome) {
  if (passed_) return;  // back to back: nobody would take them for a pair
  const auto best = best_pair(persons, frame_);
  if (!best) return;
  const auto [left, right] = outcome.match;
  const bool both = left && right;
  const double held = both ? held_cost(persons[*left], persons[*right]) : no_pair;
  const double better = held - best->cost;
  if (both && better >= margin() && gap(people[*left], people[*right]) < entangled) return;
  if (both && !outdone(time, better) && better < margin()) {
    trust_ = std::min(trust_ + (trusted() ? 2 : 1), most_trust);
    if (trusted() && better < as_good) crowd_.know_fencers(*left, *right);
    agree(time, held);
    return;
  }
  // A fencer whom the detector misses once speaks for nobody else.
  if (!both && !rivals(*best, persons)) return;
  distrust(time, people, *best);
  if (trust_ <= 0) adopt(time, people, *best, outcome);
}

// Somebody else may be a fencer where the best pair without this one is nearly as good.
void Fencers::compare(const Match& match, Persons persons) {
  if (!match.left || !match.right || passed_) return;
  const double held = held_cost(persons[*match.left], persons[*match.right]);
  for (const Side side : types::both_sides) {
    const auto other = best_pair(persons, frame_, match[side]);
    doubt_[side] = other ? std::clamp(1 - (other->cost - held) / told_from, 0.0, 1.0) : 0;
  }
}

// By how much another pair must be better.
double Fencers::margin() const {
  return trusted() ? clear_margin : trial_margin;
}

// Whether another pair was a little better for long.
bool Fencers::outdone(double time, double better) {
  const double dt = time > weighed_at_ ? std::min(time - weighed_at_, longest_weighed) : 0;
  weighed_at_ = std::max(weighed_at_, time);
  if (outdone_ <= 0) outdone_since_ = time;
  outdone_ = std::clamp(outdone_ + (std::min(better, clear_margin) - as_good) * dt, 0.0, 2 * most_outdone);
  return outdone_ > most_outdone;
}

// Who has fenced may turn his back after the halt, and stays who he was as long as his place allows it.
double Fencers::held_cost(const Person& left, const Person& right) const {
  const double now = pair_cost(left, right, frame_);
  return trusted() && place_cost(left, right) < impossible ? std::min(now, agreed_cost_) : now;
}

// What a fencer who is found again may cost beside the other one.
double Fencers::most_cost() const {
  return trust_ >= trusted_from ? std::min(no_pair, agreed_cost_ + found_margin) : no_pair;
}

// Whether these two are as good a pair as the fencers have been; a better one where one of them stood by.
bool Fencers::rivals(const Pair& other, Persons persons) const {
  return other.cost < agreed_cost_ + (stood_by_either(other, persons) ? 0 : rival_margin);
}

void Fencers::agree(double time, double cost) {
  agreed_cost_ += (cost - agreed_cost_) * agreed_share;
  doubtful_ = false;
  agreed_at_ = time;
  for (const Side side : types::both_sides) {
    if (!known(side)) continue;
    agreed_on_[side] = motions_[side]->predicted(time);
    marked_.saw(side, time, agreed_on_[side]);
  }
}

// Either the track has slipped off the fencer since the last agreement, or, where the pair is new and the
// fencer is far away, it never was on him.
void Fencers::distrust(double time, People people, const Pair& other) {
  const bool was_trusted = trusted();
  --trust_;
  if (std::exchange(doubtful_, true)) return;
  const Match fencers{other.left, other.right};
  for (const Side side : types::both_sides) {
    if (was_trusted && !held_[side]) {  // only lost
      mistaken_since_[side] = time;
      continue;
    }
    const BoundingBox& box = people[*fencers[side]].box;
    const double reach = (slip + slip_growth * (time - agreed_at_)) * extent(box);
    const bool slipped = distance(centre(agreed_on_[side]), centre(box)) < reach;
    mistaken_since_[side] = slipped || agreed_at_ - adopted_at_ > trial ? agreed_at_ : adopted_at_;
    if (outdone_ > most_outdone) mistaken_since_[side] = std::min(mistaken_since_[side], outdone_since_);
  }
}

void Fencers::adopt(double time, People people, const Pair& pair, Outcome& outcome) {
  outcome.match = {pair.left, pair.right};
  crowd_.know_fencers(pair.left, pair.right);
  for (const Side side : types::both_sides) {
    const Pose& body = people[*outcome.match[side]];
    sure_[side] = Motion(time, body);
    if (known(side) && surprise(side, time, body) <= 1) continue;
    if (known(side)) outcome.mistaken_since[side] = mistaken_since_[side];
    motions_[side] = Motion(time, body);
  }
  clash_since_.reset();
  passed_ = false;
  trust_ = 1;
  outdone_ = 0;
  adopted_at_ = time;
  agreed_cost_ = pair.cost;
  agree(time, pair.cost);
}

// Those at the marks.
void Fencers::adopt_marked(double time, People people, Persons persons, Outcome& outcome) {
  outcome.match = marked_.find(people);
  const auto [left, right] = outcome.match;
  if (!left && !right) return;
  for (const Side side : types::both_sides) {
    if (outcome.match[side]) motions_[side] = Motion(time, people[*outcome.match[side]]);
  }
  trust_ = 1;
  adopted_at_ = time;
  agreed_cost_ = left && right ? pair_cost(persons[*left], persons[*right], frame_) : no_pair;
  agree(time, agreed_cost_);
}

// Nobody to make a pair with: the clearest person, on the side to which his place and his front speak.
void Fencers::adopt_single(double time, People people, Persons persons, Outcome& outcome) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (persons[i].candidate && (!best || people[i].score > people[*best].score)) best = i;
  }
  if (!best) return;
  const double from_middle = centre(people[*best].box).x / frame_.width - 0.5;
  const Side side = 2 * from_middle - facing(people[*best]) < 0 ? Side::left : Side::right;
  outcome.match[side] = *best;
  motions_[side] = Motion(time, people[*best]);
  trust_ = 1;
  adopted_at_ = time;
  agreed_cost_ = no_pair;
  agree(time, no_pair);
}

// Each ran on the way he came, and neither turned to face the other: they are past each other. Who only
// bounced off still faces the other one.
bool Fencers::have_passed(double time, const Pose& left, const Pose& right) const {
  const double mutual = (facing(left) - facing(right)) / 2 * (passed_ ? -1 : 1);
  return time - *clash_since_ < longest_pass && closing_ > running && mutual < -back_to_back;
}

// Where both skeletons settled on one of them, the other one stands apart, and the two are a pair as before.
void Fencers::doubt_clash(double time, People people, Persons persons, Outcome& outcome) {
  const auto best = best_pair(persons, frame_);
  if (!best || !rivals(*best, persons) || gap(people[best->left], people[best->right]) < told_apart) return;
  distrust(time, people, *best);
  if (trust_ <= 0) adopt(time, people, *best, outcome);
}

// Whether one of the two only walks past: another pair is as good as the fencers have been.
bool Fencers::others_fence(const Match& two, Persons persons) const {
  const auto best = best_pair(persons, frame_);
  return best && !(best->left == two.left && best->right == two.right) && rivals(*best, persons) &&
         !stood_by_either(*best, persons);
}

void Fencers::look_in_clash(double time, People people, Persons persons, Outcome& outcome) {
  const Match match = outcome.match;
  for (const Side side : types::both_sides) {
    if (match[side] && !held_[side]) motions_[side] = Motion(time, people[*match[side]]);
  }
  const double apart = match.left && match.right ? ahead(people[*match.left], people[*match.right]) : 0;
  if (std::abs(apart) < told_apart) return doubt_clash(time, people, persons, outcome);
  const Match before = apart > 0 ? match : Match{match.right, match.left};  // if they kept their order
  if (others_fence(before, persons)) return doubt_clash(time, people, persons, outcome);
  const bool passed = have_passed(time, people[*before.left], people[*before.right]);
  if (!passed && !(pair_cost(persons[*before.left], persons[*before.right], frame_) < most_cost()))
    return doubt_clash(time, people, persons, outcome);  // somebody behind
  if (passed == (apart > 0)) {
    outcome.exchanged_since = (*clash_since_ + time) / 2;
    outcome.match = {match.right, match.left};
  }
  for (const Side side : types::both_sides) motions_[side] = Motion(time, people[*outcome.match[side]]);
  if (passed) passed_ = !passed_;
  clash_since_.reset();
}

}  // namespace piste::tracking
