// A phrase's motion as the referee read it, on an even clock.
#pragma once

#include <vector>

#include "types/side.h"

namespace piste::types {

// Not a number where it was not seen.
struct FencerCurves {
  std::vector<double> speed;  // m/s forward, about; of the hips
  std::vector<double> hand;   // m, about: how high the front wrist is above the hips
};

// All of one length.
struct Curves {
  std::vector<double> times;     // seconds since the phrase's first frame
  std::vector<double> distance;  // m, about: between the hips
  PerSide<FencerCurves> fencers;
};

}  // namespace piste::types
