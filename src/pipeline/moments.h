// When the received frames were taken, as far as they are known by now.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "recording/frame_log.h"
#include "recording/timeline.h"
#include "types/track.h"

namespace piste::pipeline {

struct Place {
  std::size_t index = 0;  // in the log
  double time = 0;        // seconds since frame 0, whether that one came or not
};

class Moments {
 public:
  Moments(const recording::FrameLog& log, double fps);

  const std::vector<Place>& places() const { return places_; }  // in order of time
  recording::TimeSource source() const { return source_; }
  // Gives each point its frame's time. Precondition: all points are of frames in the log.
  void put_into(types::Tracks& tracks) const;

 private:
  std::vector<Place> places_;
  std::unordered_map<std::int64_t, double> time_of_;  // by frame number
  recording::TimeSource source_ = recording::TimeSource::numbers;
};

}  // namespace piste::pipeline
