// What stands still behind the fencers: a gym, the piste, and the box whose lamps come on.
#pragma once

#include <cstdint>
#include <span>

#include "render/view.h"
#include "types/camera.h"
#include "types/frame.h"

namespace piste::render {

// A picture of a larger one as a camera sees it at several moments of one exposure. views: of the larger one.
types::Image seen_through(const types::Image& larger, std::span<const types::View> views, int width,
                          int height);

class Backdrop {
 public:
  Backdrop(const View& view, std::uint64_t seed);

  // A copy of the empty hall, with the lamps that are on.
  types::Image picture(types::PerSide<bool> lamps) const;

  // The middle of a lamp in the picture: red on the left, green on the right.
  Vec lamp(types::Side side) const { return lamps_[side]; }

 private:
  types::Image dark_;
  types::PerSide<types::Image> lit_;  // the surroundings of each lamp, to be laid over at lit_area_
  types::PerSide<Area> lit_area_;
  types::PerSide<Vec> lamps_;
};

}  // namespace piste::render
