// Where the scene's units lie in the picture, and the line on which the fencers stand.
#pragma once

#include "render/layer.h"
#include "render/scene.h"

namespace piste::render {

struct View {
  int width = 0;  // pixels
  int height = 0;
  double scale = 126;           // pixels per unit
  double metre = 126;           // pixels per metre on the piste
  Point origin;                 // of the units, in pixels
  Point floor;                  // a point of the line on which the fencers stand, in pixels, ...
  double slope = 0;             // ... and its slope (a camera that hangs askew)
  types::PerSide<double> body;  // pixels per metre of each fencer's body, for the thickness of limbs

  Vec pixels(const Point& units) const {
    return {static_cast<float>(origin.x + scale * units.x), static_cast<float>(origin.y + scale * units.y)};
  }
  double floor_at(double x) const { return floor.y + slope * (x - floor.x); }
};

// About 126 pixels per unit at 1280 x 720, less where the phrase would not fit into the picture.
View choose_view(const Scene& scene, int width, int height);

}  // namespace piste::render
