// How much what came on looks like a lamp.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "lamps/shots.h"
#include "lamps/steps.h"

namespace piste::lamps {

// Where a step was found: pictures `at - before` to `at + after` of the shots, which the sheets of steps show
// as views say, one a shot.
struct Found {
  Spot spot;
  std::size_t at = 0;
  std::size_t before = 0;
  std::size_t after = 0;
};

struct Likeness {
  Colour colour = Colour::white;  // the spot's; of a white one that its light gives away: the light's
  Box lit;                        // what shines
  std::size_t cells = 0;          // of it
  double step = 0;                // of the tint there
  double brightness = 0;          // of its strongest channel
  // 0 to 1 each: 1 speaks for a lamp.
  double strong = 0;   // the step stands out
  double alone = 0;    // all that has the colour there came on
  double calm = 0;     // nothing else changed around it
  double only_on = 0;  // nothing of that colour went out beside it
  double bright = 0;   // it shines
  double steady = 0;   // from then on, and not before
  double compact = 0;
  double is_new = 0;  // it had not been seen there before
  double score() const { return strong * alone * calm * only_on * bright * steady * compact * is_new; }
};

Likeness likeness(const Shots& shots, const std::vector<View>& views, const Steps& steps, const Found& found);

// The picture with which it came on, near found.at.
std::size_t onset(const Steps& steps, const Found& found, const Box& lit);

}  // namespace piste::lamps
