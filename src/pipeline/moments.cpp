#include "pipeline/moments.h"

#include <algorithm>
#include <tuple>

namespace piste::pipeline {

Moments::Moments(const recording::FrameLog& log, double fps) {
  const auto entries = log.entries();
  std::vector<recording::Stamp> stamps;
  stamps.reserve(entries.size());
  for (const auto& entry : entries) stamps.push_back({entry.number, entry.timestamp});
  const auto timeline = recording::make_timeline(stamps, fps);
  source_ = timeline.source;
  std::int64_t first = entries.empty() ? 0 : entries.front().number;
  for (const auto& entry : entries) first = std::min(first, entry.number);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const double time = timeline.times[i] + static_cast<double>(first) / fps;
    time_of_[entries[i].number] = time;
    places_.push_back({i, time});
  }
  std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) {
    return std::tie(a.time, a.index) < std::tie(b.time, b.index);
  });
}

void Moments::put_into(types::Tracks& tracks) const {
  for (const types::Side side : types::both_sides) {
    for (auto& point : tracks[side].points) point.time = time_of_.at(point.number);
  }
}

}  // namespace piste::pipeline
