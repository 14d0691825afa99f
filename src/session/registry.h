// The sessions of this machine: admission, lookup by id, sweep of idle ones, statistics. Thread-safe.
// Time comes in as an argument, so tests do not sleep.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "pipeline/engine.h"
#include "session/caller.h"

namespace piste::session {

using TimePoint = std::chrono::steady_clock::time_point;

struct Limits {
  std::size_t max_sessions = 10;                     // REFEREE_MAX_STREAMING_SESSIONS
  std::size_t max_detached_sessions = 64;            // that have lost their connection and may be resumed
  std::size_t max_memory_bytes = 2048ull << 20;      // REFEREE_MAX_STREAMING_MEMORY_MB
  std::chrono::seconds idle_timeout{300};            // REFEREE_STREAMING_SESSION_TIMEOUT
  std::uint64_t min_free_disk_bytes = 512ull << 20;  // REFEREE_MIN_FREE_DISK_MB
  std::size_t max_frame_bytes = 64ull << 20;         // REFEREE_MAX_FRAME_MB
  std::size_t max_signal_bytes = 1ull << 20;
  std::int64_t max_frames = 200'000;  // of one phrase
  int max_width = 8192;
  int max_height = 8192;
  std::filesystem::path output_dir;  // REFEREE_OUTPUT_DIR; created if missing
};

struct RegistryState;

// What is known of a session, live or over.
struct Status {
  enum class Kind { unknown, receiving, processing, complete, failed };
  Kind kind = Kind::unknown;
  std::string json;  // for the client; empty: unknown
};

class Registry {
 public:
  Registry(pipeline::Engine& engine, const Limits& limits);
  ~Registry();  // cancels and joins all

  // Closes sessions without activity for idle_timeout. Call it at least every 60 s.
  void sweep(TimePoint now);
  // No new sessions from now on ("Server is shutting down").
  void refuse_new();
  std::size_t active() const;  // sessions that have a connection, and uploads
  // The guide's GET /streaming/stats, as JSON text: the sessions of this owner.
  std::string stats_json(TimePoint now, const std::string& owner = {}) const;

  Status status(const SessionKey& key, TimePoint now) const;
  // The result as JSON, or what there is instead and why.
  base::Result<std::string, Status::Kind> result(const SessionKey& key) const;

  const Limits& limits() const;

 private:
  friend class Conversation;
  friend class Upload;
  std::unique_ptr<RegistryState> state_;
};

}  // namespace piste::session
