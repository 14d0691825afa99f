#include "pipeline/moments.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "recording/numbering.h"

namespace piste::pipeline {

Moments::Moments(const recording::FrameLog& log, recording::Evidence evidence,
                 std::optional<std::int64_t> first, const Arrivals& arrivals) {
  const auto entries = log.entries();
  std::vector<recording::Stamp> stamps;
  stamps.reserve(entries.size());
  std::int64_t lowest = entries.empty() ? 0 : entries.front().number;
  std::int64_t highest = lowest;
  for (const auto& entry : entries) {
    stamps.push_back({entry.number, entry.timestamp});
    if (stamps.size() <= arrivals.size()) stamps.back().arrived = arrivals[stamps.size() - 1];
    lowest = std::min(lowest, entry.number);
    highest = std::max(highest, entry.number);
  }
  first_ = first.value_or(recording::first_number(lowest, highest, {}));
  evidence.first = first_;
  auto timeline = recording::make_timeline(stamps, evidence);
  source_ = timeline.source;
  warnings_ = std::move(timeline.warnings);
  doubt_ = std::move(timeline.doubt);
  const double before = static_cast<double>(lowest - first_) * timeline.frame_time;
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
