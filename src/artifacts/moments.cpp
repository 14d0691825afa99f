#include "artifacts/moments.h"

#include <algorithm>

namespace piste::artifacts {

std::optional<std::size_t> nearest_point(const std::vector<types::TrackPoint>& points, double time) {
  if (points.empty()) return std::nullopt;
  const auto after =
      std::lower_bound(points.begin(), points.end(), time,
                       [](const types::TrackPoint& point, double t) { return point.time < t; });
  if (after == points.begin()) return 0;
  const auto index = static_cast<std::size_t>(after - points.begin());
  if (after == points.end() || time - points[index - 1].time <= after->time - time) return index - 1;
  return index;
}

}  // namespace piste::artifacts
