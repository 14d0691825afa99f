#include "lamps/camera.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

#include "base/median.h"

namespace piste::lamps {
namespace {

constexpr int tile_width = 16;  // cells
constexpr int tile_height = 12;
constexpr int tiles_across = 8;
constexpr int tiles_down = 6;
constexpr int jump = 3;            // cells that a picture may jump
constexpr int least_contrast = 3;  // of a cell, on average, that moving a piece by one must cost
constexpr std::size_t least_votes = 6;
constexpr double least_agreement = .4;  // of the votes
constexpr int cut_difference = 28;      // of a cell, in the middle piece of all
constexpr double at_rest = .2;          // cells
constexpr double new_key_beyond = 6;    // cells
constexpr double new_key_zoom = .02;
constexpr int patience = 15;  // pictures

Plane brightness(const SmallPicture& picture) {
  Plane luma(picture.grid.size());
  for (std::size_t i = 0; i < luma.size(); ++i)
    luma[i] = static_cast<std::uint8_t>((picture.red[i] + 2 * picture.green[i] + picture.blue[i]) / 4);
  return luma;
}

int difference(const Grid& grid, const Plane& a, int ax, int ay, const Plane& b, int bx, int by) {
  int sum = 0;
  for (int y = 0; y < tile_height; ++y) {
    const std::uint8_t* one = a.data() + grid.at(ax, ay + y);
    const std::uint8_t* other = b.data() + grid.at(bx, by + y);
    for (int x = 0; x < tile_width; ++x) sum += std::abs(one[x] - other[x]);
  }
  return sum;
}

// Where between the neighbours the least is: -0.5 to 0.5; nullopt where the bottom is too flat to tell.
std::optional<double> valley(int before, int here, int after) {
  constexpr int least = least_contrast * tile_width * tile_height;
  if (before - here < least || after - here < least) return std::nullopt;
  const double steep = std::max(before, after) - here;
  return .5 * (before - after) / steep;  // a difference of absolutes has straight flanks
}

}  // namespace

Camera::Vote Camera::vote(const Plane& luma, int left, int top) const {
  const double half_width = grid_.width / 2.0;
  const double half_height = grid_.height / 2.0;
  Vote vote{left + tile_width / 2.0 - half_width, top + tile_height / 2.0 - half_height, {}, {}, 0};
  const int x0 = left + static_cast<int>(std::lround(motion_.x + motion_.zoom * vote.x));
  const int y0 = top + static_cast<int>(std::lround(motion_.y + motion_.zoom * vote.y));
  constexpr int across = 2 * jump + 1;
  if (x0 < jump || y0 < jump || x0 + tile_width + jump > grid_.width ||
      y0 + tile_height + jump > grid_.height)
    return vote;
  std::array<int, across * across> costs{};
  for (int dy = -jump; dy <= jump; ++dy) {
    for (int dx = -jump; dx <= jump; ++dx)
      costs[static_cast<std::size_t>((dy + jump) * across + dx + jump)] =
          difference(grid_, key_, left, top, luma, x0 + dx, y0 + dy);
  }
  const auto best = static_cast<int>(std::min_element(costs.begin(), costs.end()) - costs.begin());
  const int bx = best % across;
  const int by = best / across;
  const auto cost = [&](int x, int y) { return costs[static_cast<std::size_t>(y * across + x)]; };
  vote.difference = cost(bx, by) / (tile_width * tile_height);
  if (bx > 0 && bx < across - 1) {
    if (const auto part = valley(cost(bx - 1, by), cost(bx, by), cost(bx + 1, by)))
      vote.dx = x0 - left + bx - jump + *part;
  }
  if (by > 0 && by < across - 1) {
    if (const auto part = valley(cost(bx, by - 1), cost(bx, by), cost(bx, by + 1)))
      vote.dy = y0 - top + by - jump + *part;
  }
  return vote;
}

std::vector<Camera::Vote> Camera::votes(const Plane& luma) const {
  std::vector<Vote> all;
  const int room_x = grid_.width - tile_width - 2 * jump;
  const int room_y = grid_.height - tile_height - 2 * jump;
  if (room_x < 0 || room_y < 0) return all;
  for (int j = 0; j < tiles_down; ++j) {
    for (int i = 0; i < tiles_across; ++i)
      all.push_back(vote(luma, jump + room_x * i / (tiles_across - 1), jump + room_y * j / (tiles_down - 1)));
  }
  return all;
}

bool Camera::is_cut(const std::vector<Vote>& votes) const {
  std::vector<double> left;
  left.reserve(votes.size());
  for (const Vote& vote : votes) left.push_back(vote.difference);
  return !left.empty() && base::median(std::move(left)) > cut_difference;
}

// What most votes say; nullopt where most say nothing in common.
std::optional<Camera::Motion> Camera::agree(const std::vector<Vote>& votes) const {
  Motion motion = motion_;
  for (const double tolerance : {2.0, 1.0, .7}) {
    std::vector<double> across, down;
    std::size_t told = 0;
    double lever = 0, moved = 0;
    for (const Vote& vote : votes) {
      const auto count = [&](const std::optional<double>& d, double place, double shift,
                             std::vector<double>& out) {
        if (!d) return;
        ++told;
        const double rest = *d - motion.zoom * place;
        if (tolerance > 1.5 || std::abs(rest - shift) < tolerance) out.push_back(rest);
      };
      count(vote.dx, vote.x, motion.x, across);
      count(vote.dy, vote.y, motion.y, down);
    }
    if (told < least_votes || across.empty() || down.empty()) return std::nullopt;
    if (tolerance < 1.5 &&
        static_cast<double>(across.size() + down.size()) < least_agreement * static_cast<double>(told))
      return std::nullopt;
    motion.x = base::median(across);
    motion.y = base::median(down);
    for (const Vote& vote : votes) {
      const auto weigh = [&](const std::optional<double>& d, double place, double shift) {
        if (!d || std::abs(*d - shift - motion.zoom * place) > tolerance) return;
        lever += place * place;
        moved += place * (*d - shift);
      };
      weigh(vote.dx, vote.x, motion.x);
      weigh(vote.dy, vote.y, motion.y);
    }
    if (lever > 0) motion.zoom = std::clamp(moved / lever, -.2, .2);
  }
  return motion;
}

View Camera::view_of(const Motion& motion) const {
  const double scale = 1 + motion.zoom;
  const double x = motion.x - motion.zoom * grid_.width / 2.0;
  const double y = motion.y - motion.zoom * grid_.height / 2.0;
  return {scale * key_view_.scale, scale * key_view_.x + x, scale * key_view_.y + y};
}

void Camera::take_key(Plane luma) {
  key_view_ = view_of(motion_);
  motion_ = {};
  key_ = std::move(luma);
}

std::optional<View> Camera::follow(const SmallPicture& picture) {
  Plane luma = brightness(picture);
  const bool first = !(picture.grid == grid_);
  const auto told = first ? std::vector<Vote>() : votes(luma);
  if (first || is_cut(told)) {
    grid_ = picture.grid;
    key_view_ = {};
    motion_ = {};
    key_ = std::move(luma);
    return std::nullopt;
  }
  const auto motion = agree(told);
  lost_ = motion ? 0 : lost_ + 1;
  if (motion) motion_ = *motion;
  const double stretch = std::abs(motion_.zoom) * grid_.width / 2.0;
  if (std::abs(motion_.x) < at_rest && std::abs(motion_.y) < at_rest && stretch < at_rest) motion_ = {};
  const View view = view_of(motion_);
  const bool far = std::max(std::abs(motion_.x), std::abs(motion_.y)) > new_key_beyond ||
                   std::abs(motion_.zoom) > new_key_zoom;
  if (far || lost_ > patience) {
    take_key(std::move(luma));
    lost_ = 0;
  }
  return view;
}

}  // namespace piste::lamps
