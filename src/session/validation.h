// What session_ended says of a phrase that was received.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/interval_set.h"
#include "protocol/messages.h"
#include "types/streaming_stats.h"

namespace piste::session {

// Fewer frames than these tell too little of a phrase.
constexpr std::int64_t fewest_frames = 10;

struct Ending {
  std::optional<std::int64_t> total_frames;  // as the client counted
  std::string problem;                       // of the session_end message itself
  bool has_signal = false;
  bool h264 = false;
};

// The number that the client's frames begin with (recording/numbering.h).
std::int64_t first_number(const base::IntervalSet& received, const std::optional<std::int64_t>& total_frames);

// Numbers that never came: from the first on as many as total_frames, or to the highest number where that is
// larger or all there is.
std::int64_t missing_frames(const base::IntervalSet& received,
                            const std::optional<std::int64_t>& total_frames);

// valid: nothing to complain about. A signal that has not come yet is no issue, for it comes after
// session_end.
protocol::Validation validate(const types::StreamingStats& stats, const base::IntervalSet& received,
                              const Ending& ending);

}  // namespace piste::session
