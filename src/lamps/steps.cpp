#include "lamps/steps.h"

#include <algorithm>
#include <utility>

namespace piste::lamps {
namespace {

constexpr std::uint8_t least_step = 12;  // of 255
constexpr int least_peak = 16;
constexpr std::size_t piece = 512;      // cells at a time
constexpr std::size_t most_of_all = 8;  // a step of an eighth of the picture is no lamp
constexpr std::size_t most_spots = 24;
constexpr int forgotten = 2;  // of what is remembered, each time

}  // namespace

Box common(const Box& a, const Box& b) {
  return {std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right),
          std::min(a.bottom, b.bottom)};
}

Box grown(const Box& box, int by) {
  return {box.left - by, box.top - by, box.right + by, box.bottom + by};
}

void Steps::add(Sheet sheet, std::size_t kept) {
  sheets_.push_back(std::move(sheet));
  while (sheets_.size() > kept + 1) sheets_.pop_front();
}

std::vector<Spot> Steps::find(const Around& around) {
  std::vector<Spot> spots;
  for (const Colour colour : {Colour::red, Colour::green, Colour::white}) find(colour, around, spots);
  return spots;
}

// How much more of a colour each cell of a piece has in all pictures after than in any before; the cells that
// have a step are counted. A picture more can only lessen a step: where none is left, which is in most pieces
// after the first two pictures, the others are not looked at.
std::size_t Steps::measure(Colour colour, std::size_t from, const Around& around) {
  const std::size_t length = std::min(piece, grid_.size() - from);
  std::array<std::uint8_t, piece> least;
  std::array<std::uint8_t, piece> most;
  least.fill(255);
  most.fill(0);
  std::uint8_t* step = step_.data() + from;
  for (std::size_t away = 1; away <= std::max(around.before, around.after); ++away) {
    if (away <= around.before) {
      const std::uint8_t* in = sheets_[around.at - away].tints[colour].data() + from;
      for (std::size_t x = 0; x < length; ++x) most[x] = higher(most[x], in[x]);
    }
    if (away <= around.after) {
      const std::uint8_t* in = sheets_[around.at + away].tints[colour].data() + from;
      for (std::size_t x = 0; x < length; ++x) least[x] = lower(least[x], in[x]);
    }
    std::uint8_t greatest = 0;
    for (std::size_t x = 0; x < length; ++x) {
      step[x] = less(least[x], most[x]);
      greatest = higher(greatest, step[x]);
    }
    if (greatest < least_step) return 0;
  }
  return static_cast<std::size_t>(
      std::count_if(step, step + length, [](std::uint8_t one) { return one >= least_step; }));
}

void Steps::find(Colour colour, const Around& around, std::vector<Spot>& out) {
  const std::size_t count = grid_.size();
  step_.resize(count);
  std::size_t found = 0;
  pieces_.clear();
  for (std::size_t from = 0; from < count; from += piece) {
    const std::size_t here = measure(colour, from, around);
    if (here > 0) pieces_.push_back(from);
    found += here;
  }
  if (found == 0 || found > count / most_of_all) return;
  Box seen{0, 0, grid_.width, grid_.height};
  for (std::size_t i = around.at - around.before; i <= around.at + around.after; ++i)
    seen = common(seen, sheets_[i].seen);
  for (const std::size_t from : pieces_) {
    for (std::size_t cell = from; cell < std::min(from + piece, count); ++cell) {
      if (step_[cell] < least_step || !seen.contains(x_of(cell), y_of(cell))) continue;
      const Spot spot = collect(colour, cell);
      if (spot.step >= least_peak && out.size() < most_spots) out.push_back(spot);
    }
  }
}

// The spot around a cell; its cells are taken out of step_.
Spot Steps::collect(Colour colour, std::size_t first) {
  Spot spot{colour, {grid_.width, grid_.height, 0, 0}, 0, 0};
  queue_.assign(1, first);
  while (!queue_.empty()) {
    const std::size_t cell = queue_.back();
    queue_.pop_back();
    if (step_[cell] < least_step) continue;
    const int x = x_of(cell), y = y_of(cell);
    spot.step = std::max<int>(spot.step, step_[cell]);
    ++spot.cells;
    step_[cell] = 0;
    spot.box = {std::min(spot.box.left, x), std::min(spot.box.top, y), std::max(spot.box.right, x + 1),
                std::max(spot.box.bottom, y + 1)};
    for (int j = std::max(0, y - 1); j <= std::min(grid_.height - 1, y + 1); ++j) {
      for (int i = std::max(0, x - 1); i <= std::min(grid_.width - 1, x + 1); ++i) {
        if (step_[grid_.at(i, j)] >= least_step) queue_.push_back(grid_.at(i, j));
      }
    }
  }
  return spot;
}

void Steps::remember(std::size_t before) {
  const std::size_t count = grid_.size();
  for (std::size_t colour = 0; colour < colours; ++colour) {
    Plane& memory = memory_[colour];
    memory.resize(count);
    std::array<std::uint8_t, piece> least;
    for (std::size_t from = 0; from < count; from += piece) {
      const std::size_t length = std::min(piece, count - from);
      least.fill(255);
      for (std::size_t i = 0; i < before && i < sheets_.size(); ++i) {
        const std::uint8_t* in = sheets_[i].tints.planes[colour].data() + from;
        for (std::size_t x = 0; x < length; ++x) least[x] = lower(least[x], in[x]);
      }
      std::uint8_t* out = memory.data() + from;
      for (std::size_t x = 0; x < length; ++x)
        out[x] = higher(least[x], less(out[x], std::uint8_t{forgotten}));
    }
  }
}

int Steps::remembered(Colour colour, int x, int y) const {
  const Plane& memory = memory_[static_cast<std::size_t>(colour)];
  return memory.empty() ? 0 : memory[grid_.at(x, y)];
}

}  // namespace piste::lamps
