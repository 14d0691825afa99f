#include "tracking/crowd.h"

#include <algorithm>
#include <cmath>

#include "tracking/body.h"
#include "tracking/geometry.h"

namespace piste::tracking {
namespace {

constexpr double crowd_memory = 2;      // s
constexpr double size_memory = 0.3;     // s: a camera zooms
constexpr double longest_look = 0.33;   // s, for which a look speaks ...
constexpr double shortest_look = 0.03;  // ... at most, and at least
constexpr double absence = 1;           // s, after which somebody is forgotten
constexpr double step = 0.4;            // extents that a body may be off its prediction ...
constexpr double step_growth = 1.2;     // ... and as many more per second

constexpr double covered_by = 0.3;  // of the smaller box: more of it is covered by a fencer

// Of the smaller box, the part that the other one covers.
double overlap(const Motion& a, const Motion& b) {
  const auto one = a.predicted(a.last_seen());
  const auto two = b.predicted(b.last_seen());
  const double across = std::min(one.right, two.right) - std::max(one.left, two.left);
  const double down = std::min(one.bottom, two.bottom) - std::max(one.top, two.top);
  if (across <= 0 || down <= 0) return 0;
  return across * down / std::max(1.F, std::min(one.width() * one.height(), two.width() * two.height()));
}

double mixed(double before, double now, double share) {
  return before + (now - before) * share;
}

}  // namespace

// Who could be whom, the nearest first.
std::vector<Crowd::Match> Crowd::matches(double time, std::span<const types::Pose> people) const {
  std::vector<Match> found;
  for (std::size_t m = 0; m < members_.size(); ++m) {
    const Motion& motion = members_[m].motion;
    const auto expected = motion.predicted(time);
    const double size = std::max(1.0, extent(expected));
    const double reach = step + step_growth * (time - motion.last_seen());
    for (std::size_t i = 0; i < people.size(); ++i) {
      const auto& box = people[i].box;
      const double resized = std::abs(std::log(std::max(1.0, extent(box)) / size));
      const double off = (distance(centre(box), centre(expected)) / size + 0.5 * resized) / reach;
      if (off < 1) found.push_back({m, i, off});
    }
  }
  std::ranges::stable_sort(found, {}, &Match::off);
  return found;
}

void Crowd::gather(Member& member, double time, const Person& now) const {
  const double dt = time - member.motion.last_seen();
  const double weight = member.looked_for = std::clamp(dt, shortest_look, longest_look);
  member.weight = member.weight * std::exp(-dt / crowd_memory) + weight;
  const double share = weight / member.weight;
  Person person = now;
  person.height = mixed(member.person.height, now.height, 1 - std::exp(-std::max(dt, 0.01) / size_memory));
  person.stance = mixed(member.person.stance, now.stance, share);
  person.facing = mixed(member.person.facing, now.facing, share);
  person.score = mixed(member.person.score, now.score, share);
  person.clothes = mixed(member.person.clothes, now.clothes, share);
  person.known_for = time - member.since;
  person.beside = member.person.beside;
  person.fencer = member.person.fencer;
  member.person = person;
}

std::vector<Person> Crowd::look(double time, std::span<const types::Pose> people) {
  std::vector<Person> known;
  known.reserve(people.size());
  for (const types::Pose& pose : people) known.push_back(person_of(pose, frame_));
  if (!members_.empty() && !(time > last_)) {
    for (Member& member : members_) member.index.reset();
    return known;
  }
  last_ = time;
  std::erase_if(members_, [&](const Member& member) { return time - member.motion.last_seen() > absence; });
  for (Member& member : members_) member.index.reset();
  std::vector<bool> met(people.size());
  for (const auto& [m, i, off] : matches(time, people)) {
    Member& member = members_[m];
    if (member.index || met[i]) continue;
    met[i] = true;
    member.index = i;
    gather(member, time, known[i]);
    member.motion.update(time, people[i]);
    known[i] = member.person;
  }
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (!met[i])
      members_.push_back({Motion(time, people[i]), known[i], shortest_look, time, i, shortest_look});
  }
  return known;
}

// Who cannot be told from a fencer in this look did not stand by.
void Crowd::know_fencers(std::size_t left, std::size_t right) {
  const auto among = [&](std::size_t fencer, const Member& member) {
    return member.index && *member.index == fencer;
  };
  const auto is_covered = [&](const Member& member) {
    return std::ranges::any_of(members_, [&](const Member& other) {
      return (among(left, other) || among(right, other)) && overlap(member.motion, other.motion) > covered_by;
    });
  };
  for (Member& member : members_) {
    Person& person = member.person;
    person.fencer.reset();  // whoever was taken for one before
    if (among(left, member)) person.fencer = types::Side::left;
    if (among(right, member)) person.fencer = types::Side::right;
    if (person.fencer)
      person.beside = 0;
    else if (member.index && !is_covered(member))
      person.beside += member.looked_for;
  }
}

}  // namespace piste::tracking
