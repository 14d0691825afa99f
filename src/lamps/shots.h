// The last pictures, and where the hall lies in them.
#pragma once

#include <cstdint>
#include <deque>

#include "lamps/camera.h"
#include "lamps/small_picture.h"

namespace piste::lamps {

struct Shot {
  SmallPicture picture;
  View view;
  std::int64_t number = 0;
  double time = 0;
};

using Shots = std::deque<Shot>;

// The cell of a picture that shows a cell of the hall; outside it: the nearest at its edge.
inline int cell_at(double place, int count) {
  const double nearest = place + .5;  // and down: std::floor would be a call for each cell
  return nearest < 0 ? 0 : nearest >= count ? count - 1 : static_cast<int>(nearest);
}

}  // namespace piste::lamps
