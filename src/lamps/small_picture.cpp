#include "lamps/small_picture.h"

#include <algorithm>
#include <cmath>

namespace piste::lamps {
namespace {

constexpr double wanted_cells = 320.0 * 180.0;
constexpr int most_cell = 32;      // pixels; sums of a cell fit in 32 bits, those of a column in 16
constexpr int cyan_is_green = 32;  // green lamps have a little more blue than red in them

int cell_of(const types::Image& image) {
  const double pixels = static_cast<double>(image.width) * image.height;
  return std::clamp(static_cast<int>(std::ceil(std::sqrt(pixels / wanted_cells) - .01)), 1, most_cell);
}

// sums: of each byte of a row of pixels over the rows of the cell. fixed: the cell's size where the compiler
// is to know it, else 0.
template <int fixed>
void sum_row(const std::uint16_t* sums, int size, int count, std::uint8_t* blue, std::uint8_t* green,
             std::uint8_t* red) {
  const int cell = fixed > 0 ? fixed : size;
  const std::uint32_t part = (1U << 20U) / static_cast<std::uint32_t>(cell * cell);
  constexpr std::uint32_t half = 1U << 19U;
  for (int x = 0; x < count; ++x) {
    std::uint32_t b = 0;
    std::uint32_t g = 0;
    std::uint32_t r = 0;
    for (int i = 0; i < cell; ++i, sums += 3) {
      b += sums[0];
      g += sums[1];
      r += sums[2];
    }
    blue[x] = static_cast<std::uint8_t>((static_cast<std::uint64_t>(b) * part + half) >> 20U);
    green[x] = static_cast<std::uint8_t>((static_cast<std::uint64_t>(g) * part + half) >> 20U);
    red[x] = static_cast<std::uint8_t>((static_cast<std::uint64_t>(r) * part + half) >> 20U);
  }
}

using SumRow = void (*)(const std::uint16_t*, int, int, std::uint8_t*, std::uint8_t*, std::uint8_t*);

SumRow sum_row_for(int cell) {
  switch (cell) {
    case 1:
      return sum_row<1>;
    case 2:
      return sum_row<2>;
    case 3:
      return sum_row<3>;
    case 4:
      return sum_row<4>;
    case 6:
      return sum_row<6>;
    default:
      return sum_row<0>;
  }
}

}  // namespace

SmallPicture shrink(const types::Image& image) {
  SmallPicture small;
  const int cell = small.cell = cell_of(image);
  small.grid = {image.width / cell, image.height / cell};
  for (Plane* plane : {&small.blue, &small.green, &small.red}) plane->resize(small.grid.size());
  const SumRow sum = sum_row_for(cell);
  const std::size_t row = static_cast<std::size_t>(image.width) * 3;
  std::vector<std::uint16_t> sums(row);
  for (int y = 0; y < small.grid.height; ++y) {
    std::fill(sums.begin(), sums.end(), std::uint16_t{0});
    for (int i = 0; i < cell; ++i) {
      const std::uint8_t* in = image.bgr.data() + static_cast<std::size_t>(y * cell + i) * row;
      std::uint16_t* out = sums.data();
      for (std::size_t x = 0; x < row; ++x) out[x] = static_cast<std::uint16_t>(out[x] + in[x]);
    }
    const std::size_t first = small.grid.at(0, y);
    sum(sums.data(), cell, small.grid.width, small.blue.data() + first, small.green.data() + first,
        small.red.data() + first);
  }
  return small;
}

int tint(Colour colour, int blue, int green, int red) {
  switch (colour) {
    case Colour::red:
      return std::max(0, red - std::max(green, blue));
    case Colour::green:
      return std::max(0, green - std::max(red, blue - cyan_is_green));
    default:
      return std::min({red, green, blue});
  }
}

Tints tints(const SmallPicture& picture) {
  Tints out;
  const std::size_t count = picture.grid.size();
  for (Plane& plane : out.planes) plane.resize(count);
  const std::uint8_t* blue = picture.blue.data();
  const std::uint8_t* green = picture.green.data();
  const std::uint8_t* red = picture.red.data();
  std::uint8_t* reds = out[Colour::red].data();
  std::uint8_t* greens = out[Colour::green].data();
  std::uint8_t* whites = out[Colour::white].data();
  // A loop for each: of six pointers at once the compiler does not see that they are apart.
  for (std::size_t i = 0; i < count; ++i) reds[i] = less(red[i], higher(green[i], blue[i]));
  for (std::size_t i = 0; i < count; ++i)
    greens[i] = less(green[i], higher(red[i], less(blue[i], std::uint8_t{cyan_is_green})));
  for (std::size_t i = 0; i < count; ++i) whites[i] = lower(red[i], lower(green[i], blue[i]));
  return out;
}

void widen(const Grid& grid, Plane& plane) {
  const auto width = static_cast<std::size_t>(grid.width);
  const auto height = static_cast<std::size_t>(grid.height);
  Plane wide(plane);
  for (std::size_t y = 0; y < height; ++y) {
    const std::uint8_t* in = plane.data() + y * width;
    std::uint8_t* out = wide.data() + y * width;
    for (std::size_t x = 1; x < width; ++x) out[x] = higher(in[x], in[x - 1]);
    for (std::size_t x = 0; x + 1 < width; ++x) out[x] = higher(out[x], in[x + 1]);
  }
  for (std::size_t y = 0; y < height; ++y) {
    const std::uint8_t* above = wide.data() + (y > 0 ? y - 1 : 0) * width;
    const std::uint8_t* here = wide.data() + y * width;
    const std::uint8_t* below = wide.data() + std::min(y + 1, height - 1) * width;
    std::uint8_t* out = plane.data() + y * width;
    for (std::size_t x = 0; x < width; ++x) out[x] = higher(here[x], higher(above[x], below[x]));
  }
}

}  // namespace piste::lamps
