// When the received frames were taken, as far as they are known by now.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "recording/frame_log.h"
#include "recording/timeline.h"
#include "types/said.h"
#include "types/track.h"

namespace piste::pipeline {

struct Place {
  std::size_t index = 0;  // in the log
  double time = 0;        // seconds since the first number's frame, whether that one came or not
};

class Moments {
 public:
  using Arrivals = std::vector<std::optional<double>>;  // by index in the log, s; may be shorter

  // first: the number whose frame is at 0 s (evidence.first is not read); none: where the numbers begin as
  // far as is known by now.
  Moments(const recording::FrameLog& log, recording::Evidence evidence,
          std::optional<std::int64_t> first = {}, const Arrivals& arrivals = {});

  const std::vector<Place>& places() const { return places_; }  // in order of time
  recording::TimeSource source() const { return source_; }
  std::int64_t first() const { return first_; }
  const std::vector<types::Said>& warnings() const { return warnings_; }
  const types::Said& doubt() const { return doubt_; }  // why a person should look; empty: no reason
  // Gives each point its frame's time. Precondition: all points are of frames in the log.
  void put_into(types::Tracks& tracks) const;

 private:
  std::vector<Place> places_;
  std::unordered_map<std::int64_t, double> time_of_;  // by frame number
  recording::TimeSource source_ = recording::TimeSource::numbers;
  std::int64_t first_ = 0;
  std::vector<types::Said> warnings_;
  types::Said doubt_;
};

}  // namespace piste::pipeline
