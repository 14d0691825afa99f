// What has happened since the start, of all owners, for GET /metrics. Counting is a relaxed addition from any
// thread: nothing ever waits for it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/histogram.h"
#include "base/mutex.h"
#include "protocol/messages.h"
#include "types/verdict.h"

namespace piste::session {

class Count {
 public:
  void add(std::uint64_t more = 1) { value_.fetch_add(more, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Seconds that stages took, by their names in the result's `timings`. Once a phrase, so a mutex does.
class StageTimes {
 public:
  struct Total {
    double seconds = 0;
    std::uint64_t phrases = 0;
  };
  void add(const std::vector<std::pair<std::string, double>>& timings) {
    const base::Lock lock(mutex_);
    for (const auto& [stage, seconds] : timings) {
      totals_[stage].seconds += seconds;
      ++totals_[stage].phrases;
    }
  }
  std::map<std::string, Total> totals() const {
    const base::Lock lock(mutex_);
    return totals_;
  }

 private:
  mutable base::Mutex mutex_;
  std::map<std::string, Total> totals_ GUARDED_BY(mutex_);
};

struct Counters {
  void count(protocol::ErrorCode code) { errors[static_cast<std::size_t>(code)].add(); }

  Count sessions_started;
  Count sessions_refused;
  Count sessions_completed;  // with a result
  Count sessions_failed;     // the analysis failed
  Count sessions_dropped;    // ended before: aborted, timed out, given up
  Count uploads_completed;
  Count uploads_failed;
  Count frames_received;
  Count frames_duplicate;
  Count frames_rejected;
  Count frames_undecodable;       // taken, and damaged or without those that they need
  Count bytes_received;           // of frames
  std::array<Count, 4> verdicts;  // by types::Winner
  std::array<Count, static_cast<std::size_t>(protocol::ErrorCode::touch_refused) + 1> errors;  // by code
  // Of completed sessions that were streamed while they were fenced: how long that was. An upload would have
  // begun only then. Files count nothing, unless they are streamed at their own pace, which looks the same.
  Count milliseconds_saved;
  // From the scoring log to the result.
  base::Histogram<8> result_time{{0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15}};
  StageTimes stages;
};

}  // namespace piste::session
