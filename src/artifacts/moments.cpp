#include "artifacts/moments.h"

#include <algorithm>
#include <cmath>

#include "artifacts/artifacts.h"

namespace piste::artifacts {
namespace {

constexpr double before_hit = 1, after_hit = .3;  // s, that are shown again

}  // namespace

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

std::optional<double> end_of_phrase(const types::Analysis& analysis) {
  std::optional<double> end;
  for (const auto& touch : analysis.phrase.touches) {
    const double time = touch.time + analysis.log_offset;
    if (std::isfinite(time)) end = std::max(end.value_or(time), time);
  }
  return end;
}

// Of a box's clock that is wrong at least what was filmed.
Repeat repeat_of(const types::Analysis& analysis) {
  const auto& points = analysis.tracks.left.points;
  if (points.empty()) return {};
  const double first = points.front().time, last = points.back().time;
  double hit = last;
  for (const auto& touch : analysis.phrase.touches)
    hit = std::fmin(hit, touch.time + analysis.log_offset);  // the earliest; not a number is none
  hit = std::max(hit, first);
  return {std::max(first, hit - before_hit), std::min(last, hit + after_hit)};
}

}  // namespace piste::artifacts
