// What the networks are taught: recorded phrases, each time seen a little otherwise.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "referee/course.h"
#include "types/side.h"

namespace piste::learn {

struct Phrase {
  std::string id;
  referee::Kinematics motion;
  int part = 0;       // of the dates
  float left = 0.5F;  // 1: left won, 0: right won
  bool labelled = false;
};

struct Lesson {
  types::PerSide<referee::Course> courses;
  float left = 0.5F;  // the answer
};

// The same numbers everywhere: the standard's distributions differ between libraries.
class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  double uniform(double from, double to);
  double normal();
  double beta(double shape);  // of two equal shapes
  std::size_t below(std::size_t end) { return engine_() % end; }

 private:
  std::mt19937 engine_;
};

// As served: nothing is disturbed.
types::PerSide<referee::Course> courses_of(const Phrase& phrase, const referee::Look& look = {});

// One batch: other moments of the touch, other paces, joints that are not seen, noise, and mixes of two.
std::vector<Lesson> lessons(const std::vector<const Phrase*>& phrases, Random& random);

}  // namespace piste::learn
