// What is said over a fencer's head, and for how long. Internal to the module.
#pragma once

#include <string>
#include <vector>

#include "artifacts/style.h"
#include "types/analysis.h"

namespace piste::artifacts {

struct Said {
  std::string text = {};  // empty: nothing is known
  Motion motion = Motion::other;
  bool doubt = false;  // the fencer was seen badly
  double from = 0;     // s on the tracks' clock
  double to = 0;
};

// In order of time, without holes, up to a little after the phrase's end. What changes sooner than can be
// read is not said: each stays for .3 s at least.
std::vector<Said> said_of(const types::Analysis& analysis, types::Side side);
// Nothing before the first, behind the last, and where nothing is known.
const Said* said_at(const std::vector<Said>& said, double time);

}  // namespace piste::artifacts
