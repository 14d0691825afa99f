#include "lamps/likeness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace piste::lamps {
namespace {

constexpr double on_part = .3;  // of the step: from there on a lamp is on
constexpr int widest_margin = 12;
constexpr double blown_out = 235;

// 0 up to `low`, 1 from `high` on.
double ramp(double value, double low, double high) {
  return std::clamp((value - low) / (high - low), 0.0, 1.0);
}
double between(double least, double share) {
  return least + (1 - least) * share;
}

struct Cell {
  std::array<double, 3> before{};  // blue, green, red
  std::array<double, 3> after{};
  double tint_before = 0;
  double tint_after = 0;
  double rise() const { return tint_after - tint_before; }
  double change() const {
    double most = 0;
    for (std::size_t i = 0; i < 3; ++i) most = std::max(most, std::abs(after[i] - before[i]));
    return most;
  }
  double least_change() const {
    double least = 255;
    for (std::size_t i = 0; i < 3; ++i) least = std::min(least, after[i] - before[i]);
    return least;
  }
};

// The means of a patch's cells over some shots (no more than fit in the sums), each colour by itself, so that
// many cells are added at once.
class Means {
 public:
  explicit Means(const Box& box) : box_(box), row_(static_cast<std::size_t>(box.width())) {
    for (auto& sum : sums_)
      sum.resize(static_cast<std::size_t>(box.width()) * static_cast<std::size_t>(box.height()));
  }
  void add(const Shot& shot, const View& view) {
    ++shots_;
    const SmallPicture& picture = shot.picture;
    find_columns(view, picture.grid.width);
    std::size_t first = 0;
    for (int y = box_.top; y < box_.bottom; ++y, first += columns_.size()) {
      const std::size_t row = picture.grid.at(0, cell_at(view.from_y(y), picture.grid.height));
      add(picture.blue.data() + row, sums_[0].data() + first);
      add(picture.green.data() + row, sums_[1].data() + first);
      add(picture.red.data() + row, sums_[2].data() + first);
    }
  }
  std::array<double, 3> at(std::size_t cell) const {
    return {sums_[0][cell] / shots_, sums_[1][cell] / shots_, sums_[2][cell] / shots_};
  }

 private:
  void find_columns(const View& view, int width) {
    columns_.clear();
    for (int x = box_.left; x < box_.right; ++x) columns_.push_back(cell_at(view.from_x(x), width));
    together_ = columns_.back() - columns_.front() + 1 == box_.width();
  }
  void add(const std::uint8_t* row, std::uint16_t* sums) {
    const std::uint8_t* in = row + columns_.front();
    if (!together_) {
      for (std::size_t x = 0; x < columns_.size(); ++x) row_[x] = row[columns_[x]];
      in = row_.data();
    }
    for (std::size_t x = 0; x < columns_.size(); ++x) sums[x] = static_cast<std::uint16_t>(sums[x] + in[x]);
  }

  Box box_;
  double shots_ = 0;
  std::array<std::vector<std::uint16_t>, 3> sums_;  // blue, green, red
  std::vector<int> columns_;
  bool together_ = true;  // none of them is left out, or there twice
  std::vector<std::uint8_t> row_;
};

// The surroundings of a spot, before and after.
class Patch {
 public:
  Patch(const Shots& shots, const std::vector<View>& views, const Found& found, const Box& box)
      : colour_(found.spot.colour), box_(box), before_(box), after_(box) {
    for (std::size_t i = found.at - found.before; i + 1 < found.at; ++i) before_.add(shots[i], views[i]);
    for (std::size_t i = found.at + 1; i <= found.at + found.after; ++i) after_.add(shots[i], views[i]);
  }

  const Box& box() const { return box_; }
  Cell at(int x, int y) const {
    const std::size_t i = index(x, y);
    const auto before = before_.at(i), after = after_.at(i);
    return {before, after, tint_of(before), tint_of(after)};
  }
  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y - box_.top) * static_cast<std::size_t>(box_.width()) +
           static_cast<std::size_t>(x - box_.left);
  }
  std::size_t size() const {
    return static_cast<std::size_t>(box_.width()) * static_cast<std::size_t>(box_.height());
  }

 private:
  double tint_of(const std::array<double, 3>& mean) const {
    return tint(colour_, static_cast<int>(mean[0]), static_cast<int>(mean[1]), static_cast<int>(mean[2]));
  }

  Colour colour_;
  Box box_;
  Means before_;
  Means after_;
};

// What has the colour now, around the place where most of it came.
struct Glow {
  Box box;
  std::vector<char> mask;  // of the patch
  std::size_t cells = 0;
  std::size_t came = 0;  // of them, with the step
  bool cut = false;      // it goes on beyond the patch
  double rise = 0;       // the greatest
};

Glow lit_in(const Patch& patch, const Box& spot, const Grid& grid) {
  Glow lit{
      {spot.right, spot.bottom, spot.left, spot.top}, std::vector<char>(patch.size(), 0), 0, 0, false, 0};
  int px = spot.left, py = spot.top;
  for (int y = spot.top; y < spot.bottom; ++y) {
    for (int x = spot.left; x < spot.right; ++x) {
      const double rise = patch.at(x, y).rise();
      if (rise <= lit.rise) continue;
      lit.rise = rise;
      px = x;
      py = y;
    }
  }
  const double least = patch.at(px, py).tint_after / 2;
  std::vector<std::pair<int, int>> queue{{px, py}};
  while (!queue.empty()) {
    const auto [x, y] = queue.back();
    queue.pop_back();
    if (!patch.box().contains(x, y)) {
      lit.cut = lit.cut || (x >= 0 && y >= 0 && x < grid.width && y < grid.height);
      continue;
    }
    char& seen = lit.mask[patch.index(x, y)];
    if (seen) continue;
    const Cell cell = patch.at(x, y);
    if (cell.tint_after < least) continue;
    seen = 1;
    ++lit.cells;
    if (cell.rise() >= .4 * lit.rise) ++lit.came;
    lit.box = {std::min(lit.box.left, x), std::min(lit.box.top, y), std::max(lit.box.right, x + 1),
               std::max(lit.box.bottom, y + 1)};
    for (const auto& [dx, dy] : {std::pair(1, 0), {-1, 0}, {0, 1}, {0, -1}})
      queue.emplace_back(x + dx, y + dy);
  }
  return lit;
}

template <class Each>
void for_lit(const Patch& patch, const Glow& lit, Each each) {
  for (int y = lit.box.top; y < lit.box.bottom; ++y) {
    for (int x = lit.box.left; x < lit.box.right; ++x) {
      if (lit.mask[patch.index(x, y)]) each(x, y, patch.at(x, y));
    }
  }
}

// How far each cell of the patch is from what is lit, up to `far`: outwards, a cell at a time.
std::vector<int> distances(const Patch& patch, const Glow& lit, int far) {
  std::vector<int> away(patch.size(), far);
  std::vector<std::pair<int, int>> reached;
  const auto reach = [&](int x, int y, int distance) {
    if (!patch.box().contains(x, y) || distance >= away[patch.index(x, y)]) return;
    away[patch.index(x, y)] = distance;
    reached.emplace_back(x, y);
  };
  for_lit(patch, lit, [&](int x, int y, const Cell&) { reach(x, y, 0); });
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const auto [x, y] = reached[i];
    for (int dy = -1; dy <= 1; ++dy)
      for (int dx = -1; dx <= 1; ++dx) reach(x + dx, y + dy, away[patch.index(x, y)] + 1);
  }
  return away;
}

// The part of what is around the lamp that changed, and not by its light.
double unrest(const Patch& patch, const Glow& lit, double change) {
  const std::vector<int> away = distances(patch, lit, 5);
  int ring = 0, restless = 0;
  for (int y = patch.box().top; y < patch.box().bottom; ++y) {
    for (int x = patch.box().left; x < patch.box().right; ++x) {
      if (const int cells = away[patch.index(x, y)]; cells < 2 || cells > 4) continue;
      ++ring;
      const Cell cell = patch.at(x, y);
      const bool glow = cell.rise() >= .3 * cell.change() && cell.least_change() > -8;
      if (cell.change() > std::max(12.0, .35 * change) && !glow) ++restless;
    }
  }
  return ring > 0 ? static_cast<double>(restless) / ring : 0;
}

std::size_t channel_of(Colour colour) {
  return colour == Colour::red ? 2 : 1;
}

// Cells of the colour that went out, for each that came on. Under the light of the box's other lamp a cell
// loses its colour and gets no darker.
double went_out(const Patch& patch, const Glow& lit, std::size_t main) {
  int out = 0;
  for (int y = patch.box().top; y < patch.box().bottom; ++y) {
    for (int x = patch.box().left; x < patch.box().right; ++x) {
      const Cell cell = patch.at(x, y);
      const double lost = -cell.rise();
      out += lost > .4 * lit.rise && cell.before[main] - cell.after[main] > .05 * lost ? 1 : 0;
    }
  }
  return static_cast<double>(out) / static_cast<double>(std::max<std::size_t>(1, lit.came));
}

// A lamp that is brighter than the camera can show is white in its middle: its light around it has its
// colour. patch: of the pictures just before and just after, for the box's other lamp shines soon as well.
Colour colour_of_light(const Patch& patch, const Glow& lit) {
  const std::vector<int> away = distances(patch, lit, 5);
  double red = 0, light = 0;
  for (int y = patch.box().top; y < patch.box().bottom; ++y) {
    for (int x = patch.box().left; x < patch.box().right; ++x) {
      if (const int cells = away[patch.index(x, y)]; cells < 1 || cells > 3) continue;
      const Cell cell = patch.at(x, y);
      if (cell.least_change() < -4) continue;
      const double blue = cell.after[0] - cell.before[0], green = cell.after[1] - cell.before[1],
                   reds = cell.after[2] - cell.before[2];
      red += reds - green;
      light += std::max({blue, green, reds, 0.0});
    }
  }
  if (light < 40 || std::abs(red) < .2 * light) return Colour::white;
  return red > 0 ? Colour::red : Colour::green;
}

}  // namespace

Likeness likeness(const Shots& shots, const std::vector<View>& views, const Steps& steps,
                  const Found& found) {
  const Spot& spot = found.spot;
  const Grid& grid = shots.front().picture.grid;
  const int margin = std::clamp(std::max(spot.box.width(), spot.box.height()), 6, widest_margin);
  const Box around = common(grown(spot.box, margin), {0, 0, grid.width, grid.height});
  const Patch patch(shots, views, found, around);
  const Glow lit = lit_in(patch, spot.box, grid);
  Likeness like;
  like.colour = spot.colour;
  like.lit = lit.box;
  like.cells = lit.cells;
  like.step = lit.rise;
  if (lit.cells == 0 || lit.rise <= 0) return like;

  const std::size_t main = channel_of(spot.colour);
  double change = 0, brightness = 0, gain = -255, loss = 255, remembered = 0;
  for_lit(patch, lit, [&](int x, int y, const Cell& cell) {
    change = std::max(change, cell.change());
    brightness = std::max(brightness, cell.after[main]);
    gain = std::max(gain, cell.after[main] - cell.before[main]);
    loss = std::min(loss, cell.least_change());
    remembered += std::min(1.0, steps.remembered(spot.colour, x, y) / std::max(1.0, cell.tint_after));
  });
  like.brightness = brightness;
  const double cells = static_cast<double>(lit.cells);
  const double box_cells = static_cast<double>(lit.box.width()) * lit.box.height();
  const double longer = std::max(lit.box.width(), lit.box.height());
  const double shorter = std::min(lit.box.width(), lit.box.height());
  like.strong = between(.4, ramp(spot.step, 16, 44));
  like.alone = ramp(static_cast<double>(lit.came) / cells, .5, .85) * (lit.cut ? .3 : 1);
  like.bright =
      ramp(brightness, 40, 120) * ramp(gain, 4, 24) * between(.2, ramp(loss, -.6 * change, -.2 * change));
  like.steady = between(.2, ramp(spot.step / lit.rise, .15, .5));
  like.compact = between(.2, ramp(cells / box_cells, .2, .45)) * ramp(12 - longer / shorter, 2, 7) *
                 ramp(.04 - cells / static_cast<double>(grid.size()), 0, .01);
  like.is_new = 1 - ramp(remembered / cells, .6, .9);
  like.calm = like.only_on = 1;
  if (like.score() <= 0) return like;  // most of them: what is around them need not be looked at
  if (spot.colour == Colour::white && brightness >= blown_out)
    like.colour = colour_of_light({shots, views, {spot, found.at, 2, 1}, around}, lit);
  like.calm = between(.3, ramp(1 - unrest(patch, lit, change), .3, .7));
  like.only_on = ramp(1 - went_out(patch, lit, main), .4, .8);
  return like;
}

std::size_t onset(const Steps& steps, const Found& found, const Box& lit) {
  const auto level = [&](std::size_t index) {
    const auto& plane = steps.sheet(index).tints[found.spot.colour];
    double sum = 0;
    for (int y = lit.top; y < lit.bottom; ++y) {
      for (int x = lit.left; x < lit.right; ++x) sum += plane[steps.grid().at(x, y)];
    }
    return sum;
  };
  double before = 0, after = 0;
  for (std::size_t i = found.at - found.before; i + 1 < found.at; ++i)
    before += level(i) / static_cast<double>(found.before - 1);
  for (std::size_t i = found.at + 1; i <= found.at + found.after; ++i)
    after += level(i) / static_cast<double>(found.after);
  std::size_t first = found.at + 1;
  while (first + 4 > found.at && first > 0 && level(first - 1) >= before + on_part * (after - before))
    --first;
  return first;
}

}  // namespace piste::lamps
