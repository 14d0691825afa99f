// When the frames of a phrase were taken. Two clocks tell: the frames' timestamps, and their numbers at the
// announced rate. Each lies at times: a camera in a dim hall gives half the rate that it announces; a program
// that stamps its frames when it sends them (the guide's example) has the link's pace in them. So all that is
// known decides, in this order:
//
// 1. What the client says its timestamps are ("timestamps" in session_start).
// 2. Timestamps that do not keep step with the frames' arrival cannot be times of sending: they are believed.
// 3. Else the scoring log's end: the clock by which the video ends where the log does. Where the log does not
//    say when it ended, no hit may lie beyond the video's end.
// 4. Else the timestamps, where they agree with the announced rate within a tenth, or else the numbers.
//
// Frames that come faster than they can have been taken are a file's: they never settle a doubt against the
// announced rate. A rate that is not known, or that no camera has, is one of the usual ones by which the
// log's end fits. Where the clocks differ by a tenth of the phrase `warnings` has both rates, and where it
// could not be settled `doubt` says so.
//
// Timestamps are repaired first: a lone step (the clock was set) is taken out, unless it was time that
// passed: by the arrival of the frames, by the log's end, or, forward, where the client says that they are
// times of capture; frames that a link held up and let go in one burst are spread over the time that they
// take.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "types/said.h"
#include "types/timestamps.h"

namespace piste::recording {

struct Stamp {
  std::int64_t number = 0;
  std::optional<double> timestamp;
  std::optional<double> arrived = std::nullopt;  // seconds on a clock of ours that is never set
};

enum class TimeSource { timestamps, numbers };

// What else is known of the frames' times.
struct Evidence {
  double fps = 0;  // as announced; > 0
  types::Timestamps timestamps = types::Timestamps::unsaid;
  std::int64_t first = 0;         // number of the frame at 0 s
  std::vector<double> ends = {};  // s after that frame: where the recordings of the scoring log ended
  double last_hit = 0;            // likewise; 0: there is none
};

struct Timeline {
  TimeSource source = TimeSource::numbers;
  // Seconds since the frame with the lowest number, one per stamp, in the stamps' order.
  std::vector<double> times;
  double frame_time = 0;              // s, on the average
  std::vector<types::Said> warnings;  // for people
  types::Said doubt;                  // why a person should look; empty: no reason
};

// stamps: in any order, numbers distinct.
Timeline make_timeline(std::span<const Stamp> stamps, const Evidence& evidence);

}  // namespace piste::recording
