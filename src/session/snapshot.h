// One session as GET /streaming/stats shows it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "session/job.h"
#include "types/streaming_stats.h"

namespace piste::session {

inline double seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// The guide's lifecycle.
enum class Stage { create, receiving_frames, frames_complete, processing, cleanup };

std::string_view to_string(Stage stage);

struct Snapshot {
  std::string id;
  Stage stage = Stage::create;
  double fps = 0;
  int width = 0;  // pixels; 0: not known (an upload)
  int height = 0;
  std::optional<std::int64_t> expected_frames;
  types::StreamingStats stats;  // duration_seconds: until now
  bool has_signal = false;
  std::size_t memory_bytes = 0;
  std::size_t frames_waiting = 0;  // for the analysis
  double idle_seconds = 0;
  bool attached = true;                 // has a connection
  std::optional<double> progress = {};  // of an upload: how much of its film has been looked at, 0..1
  std::optional<KeptBy> kept_by;        // see UploadView
};

struct Totals {
  std::size_t max_sessions = 0;
  std::size_t memory_bytes = 0;
  std::size_t max_memory_bytes = 0;
};

double megabytes(std::size_t bytes);

// The answers to GET /sessions/{id}: of one that is live, of one that is over.
std::string status_json(const Snapshot& session);
std::string status_json(std::string_view id, std::string_view state);

// The answer to GET /streaming/stats.
// boxes: JSON text; empty: there are none.
std::string stats_json(const std::vector<Snapshot>& sessions, const Totals& totals, const std::string& boxes);

}  // namespace piste::session
