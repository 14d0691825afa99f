// What has come of a phrase: its frames' numbers, and how many were there twice, late, missing or refused.
//
// The numbers belong to who has the turn (attachment.h); the counts are any thread's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "protocol/messages.h"
#include "recording/frame_log.h"
#include "session/counters.h"
#include "session/frame_gate.h"
#include "types/streaming_stats.h"

namespace piste::session {

class Intake {
 public:
  // All outlive it.
  Intake(const protocol::SessionStart& start, const Limits& limits, Counters& counters)
      : start_(start), counters_(counters), gate_(start, limits) {}

  // Within a turn.
  const FrameGate& gate() const { return gate_; }
  const base::IntervalSet& numbers() const { return gate_.numbers(); }
  // A frame was stored.
  void took(const protocol::FrameHeader& header, std::size_t size, bool key);
  // One that is there came once more.
  void took_again();
  // What an earlier run has stored.
  void restore(const std::vector<recording::Entry>& entries, const std::optional<std::int64_t>& total_frames);
  // No more will come. May be repeated: the last word counts. problem: of the message that said so.
  protocol::Validation end(std::optional<std::int64_t> total_frames, std::string problem, bool has_signal);

  // From any thread. A frame was answered with an error: counts it, and logs why.
  void refused(const std::string& reason);
  void set_duration(double seconds);
  types::StreamingStats stats() const;

 private:
  const protocol::SessionStart& start_;
  Counters& counters_;
  FrameGate gate_;
  mutable base::Mutex mutex_;  // locked after every other one
  types::StreamingStats stats_ GUARDED_BY(mutex_);
};

}  // namespace piste::session
