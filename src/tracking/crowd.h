// The people of the latest looks, watched over time: one picture does not tell a fencer from somebody who
// walks by, two seconds do. And who stood by while the two were fencing is neither of them later.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "tracking/motion.h"
#include "tracking/pair.h"
#include "types/pose.h"

namespace piste::tracking {

class Crowd {
 public:
  explicit Crowd(FrameSize frame) : frame_(frame) {}

  // What is known of each of these people. A look that comes late is weighed by itself.
  std::vector<Person> look(double time, std::span<const types::Pose> people);
  // Of the people of the latest look these are certain to be the fencers: so the others are not.
  void know_fencers(std::size_t left, std::size_t right);

 private:
  struct Member {
    Motion motion;
    Person person;
    double weight = 0;  // of what was gathered, s
    double since = 0;
    std::optional<std::size_t> index;  // among the people of the latest look
    double looked_for = 0;             // s, for which that look speaks
  };
  struct Match {
    std::size_t member;
    std::size_t person;
    double off;
  };
  std::vector<Match> matches(double time, std::span<const types::Pose> people) const;
  void gather(Member& member, double time, const Person& now) const;

  const FrameSize frame_;
  std::vector<Member> members_;
  double last_ = 0;
};

}  // namespace piste::tracking
