#include "recording/timeline.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace piste::recording {
namespace {

constexpr double slowest_pace = 0.8;  // of the announced fps
constexpr double fastest_pace = 1.25;
constexpr double longest_stall = 10;  // s between neighbours, beyond what their numbers say

using Order = std::vector<std::size_t>;

Order by_number(std::span<const Stamp> stamps) {
  Order order(stamps.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return stamps[a].number < stamps[b].number; });
  return order;
}

bool has_time(const Stamp& stamp) {
  return stamp.timestamp && std::isfinite(*stamp.timestamp);
}

// Seconds a frame, from each frame to the next. Empty where the timestamps are not all there, do not grow, or
// leap.
std::vector<double> paces(std::span<const Stamp> stamps, const Order& order, double fps) {
  std::vector<double> found;
  found.reserve(order.size());
  for (std::size_t i = 1; i < order.size(); ++i) {
    const Stamp& before = stamps[order[i - 1]];
    const Stamp& after = stamps[order[i]];
    if (!has_time(before) || !has_time(after)) return {};
    const double frames = static_cast<double>(after.number) - static_cast<double>(before.number);
    const double seconds = *after.timestamp - *before.timestamp;
    if (seconds <= 0 || seconds > frames / fps + longest_stall) return {};
    found.push_back(seconds / frames);
  }
  return found;
}

bool believed(std::span<const Stamp> stamps, const Order& order, double fps) {
  std::vector<double> found = paces(stamps, order, fps);
  if (found.empty()) return false;
  const auto middle = found.begin() + static_cast<std::ptrdiff_t>(found.size() / 2);
  std::nth_element(found.begin(), middle, found.end());
  const double ratio = *middle * fps;
  return ratio >= slowest_pace && ratio <= fastest_pace;
}

}  // namespace

Timeline make_timeline(std::span<const Stamp> stamps, double fps) {
  Timeline timeline;
  if (stamps.empty()) return timeline;
  const Order order = by_number(stamps);
  const Stamp& first = stamps[order.front()];
  if (believed(stamps, order, fps)) timeline.source = TimeSource::timestamps;
  timeline.times.reserve(stamps.size());
  for (const Stamp& stamp : stamps) {
    const double frames = static_cast<double>(stamp.number) - static_cast<double>(first.number);
    const bool own = timeline.source == TimeSource::timestamps;
    timeline.times.push_back(own ? *stamp.timestamp - *first.timestamp : frames / fps);
  }
  return timeline;
}

}  // namespace piste::recording
