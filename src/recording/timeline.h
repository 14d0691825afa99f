// A frame's place in time. Its own timestamp relative to the first frame's, where the timestamps can be
// believed; else number / fps.
//
// Believed: every frame has one, they grow with the frame numbers, and the median pace (difference of
// timestamps over difference of numbers) is within 0.8 .. 1.25 of 1/fps, and no frame comes more than 10 s
// later than its number says. Otherwise they are the times of sending (a file that is sent faster or slower
// than it was filmed, as the guide's Python example does) or nonsense.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace piste::recording {

struct Stamp {
  std::int64_t number = 0;
  std::optional<double> timestamp;
};

enum class TimeSource { timestamps, numbers };

struct Timeline {
  TimeSource source = TimeSource::numbers;
  std::vector<double>
      times;  // seconds since the frame with the lowest number, one per stamp, in the stamps' order
};

// stamps: in any order, numbers distinct. fps > 0.
Timeline make_timeline(std::span<const Stamp> stamps, double fps);

}  // namespace piste::recording
