// What was received of a phrase, as the guide's streaming_stats, validation and /streaming/stats report it.
#pragma once

#include <cstdint>

namespace piste::types {

struct StreamingStats {
  std::int64_t frames_received = 0;      // accepted and stored
  std::int64_t duplicate_frames = 0;     // a number that was there already; the first one counts
  std::int64_t out_of_order_frames = 0;  // accepted after a frame with a higher number
  std::int64_t missing_frames = 0;  // numbers from the first to the last (or to total_frames) that never came
  std::int64_t first_frame_number = 0;  // where the sender's numbers begin (recording/numbering.h)
  std::int64_t rejected_frames = 0;     // answered with FRAME_PROCESSING_FAILED
  std::int64_t size_mismatches = 0;     // announced size and size of the bytes differ
  std::uint64_t bytes_received = 0;     // of accepted frames
  double duration_seconds = 0;          // from session_start to session_end
};

}  // namespace piste::types
