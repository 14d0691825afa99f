#include "tracking/posture.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <optional>

namespace piste::tracking {
namespace {

constexpr std::size_t least_poses = 8;
constexpr double nearly_all = 0.8;

struct Place {
  double x = 0;
  double y = 0;
};

std::optional<Place> middle(const types::Keypoints& points, std::size_t left, std::size_t right) {
  Place sum;
  double count = 0;
  for (const std::size_t joint : {left, right}) {
    if (points[joint].score <= 0) continue;
    sum.x += points[joint].x;
    sum.y += points[joint].y;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return Place{sum.x / count, sum.y / count};
}

}  // namespace

std::optional<Heads> head_of(const types::Keypoints& points) {
  using namespace types::joint;
  const auto shoulders = middle(points, left_shoulder, right_shoulder);
  auto feet = middle(points, left_ankle, right_ankle);
  if (!feet) feet = middle(points, left_hip, right_hip);
  if (!shoulders || !feet) return std::nullopt;
  const double x = shoulders->x - feet->x;
  const double y = shoulders->y - feet->y;
  if (std::abs(x) > std::abs(y)) return x < 0 ? Heads::left : Heads::right;
  return y < 0 ? Heads::up : Heads::down;
}

Heads heads_of(const types::Tracks& tracks) {
  std::array<std::size_t, 4> votes{};
  std::size_t all = 0;
  for (const types::Side side : types::both_sides) {
    for (const types::TrackPoint& point : tracks[side].points) {
      const auto head = point.seen ? head_of(point.keypoints) : std::nullopt;
      if (!head) continue;
      ++votes[static_cast<std::size_t>(*head)];
      ++all;
    }
  }
  if (all < least_poses) return Heads::up;
  for (const Heads way : {Heads::up, Heads::down, Heads::left, Heads::right}) {
    if (static_cast<double>(votes[static_cast<std::size_t>(way)]) >= nearly_all * static_cast<double>(all))
      return way;
  }
  return 2 * votes[static_cast<std::size_t>(Heads::up)] >= all ? Heads::up : Heads::unclear;
}

}  // namespace piste::tracking
