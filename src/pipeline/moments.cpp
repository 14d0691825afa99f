#include "pipeline/moments.h"

#include <algorithm>
#include <tuple>

#include "recording/numbering.h"

namespace piste::pipeline {

Moments::Moments(const recording::FrameLog& log, double fps, std::optional<std::int64_t> first) {
  const auto entries = log.entries();
  std::vector<recording::Stamp> stamps;
  stamps.reserve(entries.size());
  for (const auto& entry : entries) stamps.push_back({entry.number, entry.timestamp});
  const auto timeline = recording::make_timeline(stamps, fps);
  source_ = timeline.source;
  std::int64_t lowest = entries.empty() ? 0 : entries.front().number;
  std::int64_t highest = lowest;
  for (const auto& entry : entries) {
    lowest = std::min(lowest, entry.number);
    highest = std::max(highest, entry.number);
  }
  first_ = first.value_or(recording::first_number(lowest, highest, {}));
  const double before = static_cast<double>(lowest - first_) / fps;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const double time = timeline.times[i] + before;
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
