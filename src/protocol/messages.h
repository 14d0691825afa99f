// The messages of docs/protocol.md, as values: what a client sends and what it is answered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "types/box_event.h"
#include "types/frame.h"
#include "types/marks.h"
#include "types/phrase.h"
#include "types/picture_lag.h"
#include "types/side.h"
#include "types/timestamps.h"

namespace piste::protocol {

// ---- from the client
// ------------------------------------------------------------------------------------------------ Types and
// signs of the fields hold; whether the numbers suit this server and this session is the session's to say.
// session_id is empty where the message has none.

struct SessionStart {
  std::string session_id;  // is_valid_session_id()
  double fps = 0;          // > 0
  int width = 0;           // pixels, > 0
  int height = 0;
  std::optional<std::int64_t> expected_frames;  // >= 1; nullopt: not known
  std::string video_format = "bgr24";           // of raw frames
  std::optional<types::Weapon> weapon;
  bool include_keypoints = false;
  bool save_overlay = true;
  bool h264 = false;  // every frame is an H.264 access unit; else none is
  types::Timestamps timestamps = types::Timestamps::unsaid;
  bool bout = false;  // a whole bout, of which the phrases are cut by themselves; else one phrase
  std::string piste;  // of a bout: whose box tells the hits; of a phrase: where it is fenced. Empty: not said
  types::Marks marks;  // within the picture
};

// The metadata of a frame; its bytes follow as a binary message.
struct FrameHeader {
  std::string session_id;
  std::int64_t number = 0;          // 0 .. max_frame_number
  std::optional<double> timestamp;  // seconds on the client's clock, finite
  types::Encoding encoding = types::Encoding::jpeg;
  std::optional<std::int64_t> size;  // of the bytes, >= 0
};

struct SessionEnd {
  std::string session_id;
  std::optional<std::int64_t> total_frames;  // >= 0
};

// The metadata of a scoring log; its bytes follow as a binary message. The file's name is of no use here:
// nothing that a client sends becomes a path.
struct Signal {
  std::string session_id;
  std::optional<std::int64_t> size;  // >= 0
};

// A hit of a bout that somebody tells.
struct Touch {
  std::string session_id;
  types::Side side = types::Side::left;
  std::optional<double> timestamp;  // seconds on the clock of the frames' timestamps; nothing: just now
  bool valid = true;
};

struct SessionAbort {
  std::string session_id;
};

// Goes on with a session whose connection was lost.
struct SessionResume {
  std::string session_id;  // is_valid_session_id()
  std::string resume_token;
  std::int64_t phrases = 0;  // of a bout: the client knows so many
};

struct Ping {
  std::string id;         // JSON text, for the pong; empty: absent
  std::string timestamp;  // likewise
  // Whoever compares clocks says what time it is on its own.
  std::optional<double> client_time = {};  // s
};

// Whoever hears the scoring box of a piste begins to tell of it.
struct BoxOpen {
  std::string piste;     // is_valid_session_id()
  std::string source;    // likewise: of the program's own making, the same as long as it counts its events
  std::string protocol;  // of the box, for people
};

// Events are numbered, so that none counts twice, however often it is sent.
struct BoxEvents {
  std::string piste;
  std::int64_t first = 1;                 // of events; the next ones follow
  std::vector<types::box::Event> events;  // on the server's clock
};

// A message whose type is known and whose fields are wrong. What is to be done depends on the type: a frame's
// bytes still follow, a session goes on.
struct Defective {
  enum class Type { session_start, frame, session_end, signal, touch, session_abort, session_resume, box };
  Type type = Type::session_start;
  std::string session_id;                    // empty where it is missing or wrong itself
  std::optional<std::int64_t> frame_number;  // where it is known
  std::string problem;                       // for people
};

using ClientMessage = std::variant<SessionStart, FrameHeader, SessionEnd, Signal, Touch, SessionAbort,
                                   SessionResume, Ping, BoxOpen, BoxEvents, Defective>;

// ---- from the server
// ------------------------------------------------------------------------------------------------

struct SessionStarted {
  std::string session_id;
  std::string resume_token;
};

// Frame numbers, both ends included.
struct FrameRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

struct SessionResumed {
  std::string session_id;
  std::string state;               // the guide's, or COMPLETE, FAILED
  std::vector<FrameRange> ranges;  // of the frames that are acknowledged
  bool has_signal = false;
};

enum class FrameStatus { received, duplicate };

struct FrameAck {
  std::string session_id;
  std::int64_t frame_number = 0;
  FrameStatus status = FrameStatus::received;
};

struct Validation {
  bool valid = false;  // no issues
  std::vector<std::string> issues;
  std::int64_t frame_count = 0;
  std::int64_t missing_frames = 0;
  std::int64_t duplicate_frames = 0;
  std::int64_t out_of_order_frames = 0;
  bool has_signal = false;
  std::int64_t rejected_frames = 0;
  std::int64_t size_mismatches = 0;
};

struct SessionEnded {
  std::string session_id;
  Validation validation;
};

struct SignalAck {
  std::string session_id;
};

struct TouchAck {
  std::string session_id;
  types::Side side = types::Side::left;
};

// Of a phrase of a bout: first the decision, then all that came of it.
struct PhraseDecision {
  std::string session_id;
  int number = 0;
  std::string decision;  // JSON text
};

struct PhraseComplete {
  std::string session_id;
  int number = 0;
  double start = 0;  // seconds on the clock of the frames' timestamps
  double end = 0;
  types::PerSide<int> score{};  // after it
  std::string folder;           // its name in the bout's
  std::string result;           // JSON text
};

// Of a bout beside a box: as it was measured, and is used from now on.
struct PictureLag {
  std::string session_id;
  std::string piste;
  types::PictureLag lag;
};

struct ProcessStart {
  std::string session_id;
};

struct ProcessProgress {
  std::string session_id;
  std::string stage;
  double progress = 0;  // 0..1
  std::string message;
  std::string decision;  // JSON text; empty: absent
};

struct ProcessComplete {
  std::string session_id;
  std::string result;  // JSON text
};

// What went wrong, in the guide's words; docs/protocol.md has a table.
enum class ErrorCode {
  protocol_error,
  invalid_message,
  session_start_failed,
  session_resume_failed,
  no_active_session,
  frame_processing_failed,
  processing_failed,
  box_refused,
  internal_error,
  session_timeout,
  touch_refused,
};

struct Error {
  std::string session_id;  // empty: printed as null
  ErrorCode code = ErrorCode::internal_error;
  std::string message;
  bool recoverable = false;  // a session is live on this connection and goes on
  std::optional<std::int64_t> frame_number;
  std::optional<std::int64_t> retry_after = {};  // seconds: the same may succeed then
};

struct SessionAborted {
  std::string session_id;
};

struct Pong {
  // For a ping with client_time; seconds, of the server on its steady clock.
  struct Clocks {
    double client_time = 0;      // as in the ping
    double server_received = 0;  // when the ping came
    double server_time = 0;      // when the pong went
  };
  std::string session_id;  // empty: printed as null
  std::string id;          // as in the ping
  std::string timestamp;
  std::optional<Clocks> clocks = {};
};

struct BoxOpened {
  std::string piste;
  std::int64_t next = 0;  // the number of the event that is due; 0: nothing is known of this source
};

struct BoxAck {
  std::string piste;
  std::int64_t next = 0;
};

}  // namespace piste::protocol
