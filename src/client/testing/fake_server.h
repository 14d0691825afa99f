// A small server for the client's tests: it plays the guide's conversation on a free port of 127.0.0.1,
// answers /health, /streaming/stats and /analyze, and misbehaves as it is told.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/server_url.h"

namespace piste::client::testing {

struct Behaviour {
  // ---- /stream
  unsigned refuse_upgrade = 0;            // HTTP status instead of a WebSocket
  unsigned refused_upgrades = 1'000'000;  // so many times
  unsigned taken_upgrades = 0;            // so many are taken before
  unsigned dropped_starts = 0;            // so many times the connection is cut instead of session_started
  std::string start_error;                // session_start is answered with this SESSION_START_FAILED
  std::size_t acks_in_groups_of = 1;      // acks are held until so many frames have come (or session_end)
  std::vector<std::int64_t> rejected;     // frames answered with FRAME_PROCESSING_FAILED, recoverable
  std::vector<std::int64_t> no_room_for;  // frames answered with FRAME_PROCESSING_FAILED and retry_after
  unsigned no_room_times = 1;             // each of them so many times
  bool errors_name_frame = true;          // with frame_number, as the guide's server does not
  std::vector<std::int64_t> duplicates;   // frames acknowledged as duplicates
  std::vector<std::int64_t> unanswered;
  std::function<void(std::int64_t)> before_answer;  // called for each frame, on a thread of the server's
  std::optional<std::int64_t> drop_at;              // the TCP connection is cut when this frame has come
  std::optional<std::int64_t>
      fatal_error_at;                      // a frame that is answered with INTERNAL_ERROR, not recoverable
  std::optional<std::int64_t> garbage_at;  // a frame that is answered with something that is no message
  std::string garbage = "not JSON";
  bool garbage_is_binary = false;
  // With a token the session outlives its connection, and drop_at happens once.
  std::string resume_token;
  std::string resume_error;  // every session_resume is answered with this, for good
  bool drop_again = false;   // drop_at happens to every session
  // Messages of these types (not "frame") are answered so many times with an error and retry_after;
  // "analyze", an upload, with 503 and Retry-After.
  std::map<std::string, unsigned> busy_for;
  std::int64_t retry_after = 1;
  bool drop_when_busy = false;  // the connection is cut after that answer
  bool drop_after_signal = false;
  bool drop_once = false;           // that, and only in the first session
  std::vector<std::string> issues;  // of the validation
  std::string processing_error;     // PROCESSING_FAILED with this text instead of a result
  std::string result = R"({"decision":{"winner":"left","reason":"Attack from the left","confidence":0.875},)"
                       R"("artifact_dir":"phrases/1"})";
  // ---- HTTP
  bool has_streaming = true;  // /streaming/stats
  unsigned health_status = 200;
  unsigned analyze_status = 200;
  std::string analyze_body;              // empty: the result
  bool analyze_answers_at_once = false;  // before the body has come
  // ---- TLS with this certificate and key, if given
  std::filesystem::path certificate;
  std::filesystem::path key;
};

struct ReceivedFrame {
  std::string header;
  std::string bytes;
};

struct Received {
  std::vector<std::string> targets;         // of HTTP requests and upgrades, e.g. "/stream"
  std::vector<std::string> hosts;           // their Host headers
  std::vector<std::string> authorizations;  // their Authorization headers
  std::vector<std::string> messages;        // text messages but frames'
  std::vector<ReceivedFrame> frames;
  std::string signal;
  std::string body;                 // of /analyze
  std::size_t most_unanswered = 0;  // frames that had come and waited for their ack at one moment
  bool closed_properly = false;     // the last WebSocket ended with a close frame
};

class FakeServer {
 public:
  explicit FakeServer(Behaviour behaviour = {});
  ~FakeServer();

  std::uint16_t port() const;
  // "http://127.0.0.1:PORT" (https with a certificate) + rest.
  std::string url(const std::string& rest = {}) const;
  // What has come, when the connections have ended: waits for that (at most ten seconds). A client's last
  // bytes are on their way for a moment after it has gone.
  Received received() const;
  // Waits until `count` frames have come (at most ten seconds: false).
  bool await_frames(std::size_t count) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace piste::client::testing
