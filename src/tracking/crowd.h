// The people of the latest looks, watched over time: one picture does not tell a fencer from somebody who
// walks by, two seconds do.
#pragma once

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

 private:
  struct Member {
    Motion motion;
    Person person;
    double weight = 0;  // of what was gathered, s
    double since = 0;
    bool taken = false;
  };
  Member* nearest(double time, const types::BoundingBox& box);
  void gather(Member& member, double time, const Person& now) const;

  const FrameSize frame_;
  std::vector<Member> members_;
  double last_ = 0;
};

}  // namespace piste::tracking
