#include "lamps/screen.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace piste::lamps {
namespace {

constexpr double moved = .3;       // cells
constexpr double zoomed = .002;    // of the scale
constexpr double too_far = .25;    // of the picture: then the hall's coordinates begin anew
constexpr double too_large = .15;  // of the scale

bool differ(const View& a, const View& b) {
  return std::abs(a.x - b.x) > moved || std::abs(a.y - b.y) > moved || std::abs(a.scale - b.scale) > zoomed;
}

// Those cells of the picture that lie at the places of the view's cells.
Tints seen_through(const Tints& tints, const Grid& grid, const View& view) {
  std::vector<int> columns(static_cast<std::size_t>(grid.width));
  for (int x = 0; x < grid.width; ++x)
    columns[static_cast<std::size_t>(x)] = cell_at(view.from_x(x), grid.width);
  Tints out;
  for (std::size_t colour = 0; colour < colours; ++colour) {
    out.planes[colour].resize(grid.size());
    for (int y = 0; y < grid.height; ++y) {
      const std::uint8_t* in = tints.planes[colour].data() + grid.at(0, cell_at(view.from_y(y), grid.height));
      std::uint8_t* to = out.planes[colour].data() + grid.at(0, y);
      for (std::size_t x = 0; x < columns.size(); ++x) to[x] = in[columns[x]];
    }
  }
  return out;
}

}  // namespace

std::vector<View> Screen::views(const Shots& shots) const {
  std::vector<View> all;
  all.reserve(shots.size());
  for (const Shot& shot : shots) all.push_back(view(shot));
  return all;
}

Sheet Screen::sheet(const Shot& shot) const {
  Sheet sheet{tints(shot.picture), {0, 0, grid_.width, grid_.height}};
  const View view = this->view(shot);
  if (!(view == View{})) {
    sheet.tints = seen_through(sheet.tints, grid_, view);
    const auto first = [](double place) { return static_cast<int>(std::ceil(place)); };
    const auto past = [](double place) { return static_cast<int>(std::floor(place)) + 1; };
    sheet.seen = common(sheet.seen, {first(view.to_x(0)), first(view.to_y(0)),
                                     past(view.to_x(grid_.width - 1)), past(view.to_y(grid_.height - 1))});
  }
  for (Plane& plane : sheet.tints.planes) widen(grid_, plane);
  return sheet;
}

void Screen::begin_anew(const Shots& shots, std::size_t kept) {
  steps_ = Steps(grid_);
  reference_ = shots.back().view;
  for (const Shot& shot : shots) steps_.add(sheet(shot), kept);
}

void Screen::add(const Shots& shots, std::size_t kept) {
  const Shot& newest = shots.back();
  if (kind_ == Kind::hall) {
    const bool moves = std::any_of(shots.begin(), shots.end(),
                                   [&](const Shot& shot) { return differ(shot.view, newest.view); });
    const bool was_active = std::exchange(active_, moves);
    if (!moves) {
      steps_ = Steps(grid_);
      return;
    }
    const View now = view(newest);
    const double far = std::max(std::abs(now.x) / grid_.width, std::abs(now.y) / grid_.height);
    if (!was_active || far > too_far || std::abs(now.scale - 1) > too_large) return begin_anew(shots, kept);
  }
  active_ = true;
  steps_.add(sheet(newest), kept);
}

}  // namespace piste::lamps
