// A picture as a grid of some 57 600 cells, each the mean of its pixels: what lamps are looked for in. A lamp
// of a few pixels still shows in its cell, for it is so much brighter than what it was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "types/frame.h"

namespace piste::lamps {

using Plane = std::vector<std::uint8_t>;  // row by row, a byte a cell

// Of two cells. By value: of std::min and std::max, which pass references, the compiler makes a branch for
// each cell.
inline std::uint8_t lower(std::uint8_t a, std::uint8_t b) {
  return a < b ? a : b;
}
inline std::uint8_t higher(std::uint8_t a, std::uint8_t b) {
  return a > b ? a : b;
}
inline std::uint8_t less(std::uint8_t a, std::uint8_t b) {  // a - b, at least 0
  return static_cast<std::uint8_t>(higher(a, b) - b);
}

struct Grid {
  int width = 0;  // cells
  int height = 0;
  std::size_t size() const { return static_cast<std::size_t>(width) * static_cast<std::size_t>(height); }
  std::size_t at(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
  }
  bool operator==(const Grid&) const = default;
};

struct SmallPicture {
  Grid grid;
  int cell = 1;  // pixels of the picture, each way
  Plane blue;
  Plane green;
  Plane red;
};

// image: at least 16 pixels each way.
SmallPicture shrink(const types::Image& image);

// The colours of lamps: how much redder, greener or whiter each cell is than grey. A blown-out lamp is white
// with a coloured halo.
enum class Colour { red, green, white };
constexpr std::size_t colours = 3;

struct Tints {
  Plane planes[colours];
  Plane& operator[](Colour colour) { return planes[static_cast<std::size_t>(colour)]; }
  const Plane& operator[](Colour colour) const { return planes[static_cast<std::size_t>(colour)]; }
};

int tint(Colour colour, int blue, int green, int red);
Tints tints(const SmallPicture& picture);
// Each cell becomes the greatest of its 3 x 3: what moves by less than a cell then stays where it is.
void widen(const Grid& grid, Plane& plane);

}  // namespace piste::lamps
