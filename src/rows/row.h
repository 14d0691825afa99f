// Recorded phrases as JSON rows, one object a line. Two kinds, told apart by their joints:
//   club       id, fps, signal (the scoring box's log), left and right: frames x 17 x [x, y], or null
//   broadcast  id, fps, touch_est (frame of the touch), left and right: frames x 10 x [x, y], COCO 7..16,
//   displacements
// A joint may be null (not seen). Every other field is left unread, human verdicts among them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "types/track.h"

namespace piste::rows {

enum class ErrorCode {
  malformed,   // not a row of either kind
  unreadable,  // the file cannot be read
};

template <class T>
using Result = base::Result<T, ErrorCode>;
using Error = base::Error<ErrorCode>;

struct Row {
  std::string id;
  types::Tracks tracks;              // empty when the row has no keypoints
  std::string signal;                // club: the log, verbatim
  std::optional<double> touch_time;  // broadcast: seconds on the tracks' clock; both lamps are assumed
};

constexpr std::size_t kLongestRow = std::size_t{64} << 20;  // bytes

// line: foreign bytes. The error says what is wrong with which field.
Result<Row> parse_row(std::string_view line);

}  // namespace piste::rows
