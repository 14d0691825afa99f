#include "tracking/crowd.h"

#include <algorithm>
#include <cmath>

#include "tracking/geometry.h"

namespace piste::tracking {
namespace {

constexpr double memory = 2;            // s
constexpr double size_memory = 0.3;     // s: a camera zooms
constexpr double longest_look = 0.33;   // s, for which a look speaks ...
constexpr double shortest_look = 0.03;  // ... at most, and at least
constexpr double absence = 1;           // s, after which somebody is forgotten
constexpr double step = 0.4;            // extents that a body may be off its prediction ...
constexpr double step_growth = 1.2;     // ... and as many more per second

double mixed(double before, double now, double share) {
  return before + (now - before) * share;
}

}  // namespace

Crowd::Member* Crowd::nearest(double time, const types::BoundingBox& box) {
  Member* best = nullptr;
  double least = 1;
  for (Member& member : members_) {
    if (member.taken) continue;
    const auto expected = member.motion.predicted(time);
    const double size = std::max(1.0, extent(expected));
    const double resized = std::abs(std::log(std::max(1.0, extent(box)) / size));
    const double reach = step + step_growth * (time - member.motion.last_seen());
    const double off = (distance(centre(box), centre(expected)) / size + 0.5 * resized) / reach;
    if (off >= least) continue;
    least = off;
    best = &member;
  }
  return best;
}

void Crowd::gather(Member& member, double time, const Person& now) const {
  const double dt = time - member.motion.last_seen();
  const double weight = std::clamp(dt, shortest_look, longest_look);
  member.weight = member.weight * std::exp(-dt / memory) + weight;
  const double share = weight / member.weight;
  Person person = now;
  person.height = mixed(member.person.height, now.height, 1 - std::exp(-std::max(dt, 0.01) / size_memory));
  person.stance = mixed(member.person.stance, now.stance, share);
  person.facing = mixed(member.person.facing, now.facing, share);
  person.score = mixed(member.person.score, now.score, share);
  person.known_for = time - member.since;
  member.person = person;
}

std::vector<Person> Crowd::look(double time, std::span<const types::Pose> people) {
  std::vector<Person> known;
  known.reserve(people.size());
  for (const types::Pose& pose : people) known.push_back(person_of(pose, frame_));
  if (!members_.empty() && !(time > last_)) return known;
  last_ = time;
  std::erase_if(members_, [&](const Member& member) { return time - member.motion.last_seen() > absence; });
  for (Member& member : members_) member.taken = false;
  std::vector<Member> newcomers;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (Member* member = nearest(time, people[i].box)) {
      gather(*member, time, known[i]);
      member->motion.update(time, people[i].box);
      member->taken = true;
      known[i] = member->person;
    } else {
      newcomers.push_back({Motion(time, people[i].box), known[i], shortest_look, time, true});
    }
  }
  members_.insert(members_.end(), newcomers.begin(), newcomers.end());
  return known;
}

}  // namespace piste::tracking
