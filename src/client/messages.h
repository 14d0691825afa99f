// The client's end of the guide's messages: what it sends, and what comes back. Nothing that comes back is
// trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "client/error.h"
#include "types/frame.h"
#include "types/marks.h"
#include "types/phrase.h"
#include "types/timestamps.h"

namespace piste::client {

struct StartMessage {
  std::string session_id;
  double fps = 30;
  int width = 0;
  int height = 0;
  std::optional<std::int64_t> expected_frames;
  std::optional<types::Weapon> weapon;
  bool include_keypoints = false;
  bool overlay = true;
  bool h264 = false;  // all frames are
  types::Timestamps timestamps = types::Timestamps::capture;
  bool bout = false;
  std::string piste = {};
  types::Marks marks = {};
};

std::string session_start(const StartMessage& start);
// quality: of JPEGs that this client encoded.
std::string frame_header(std::string_view session_id, const types::EncodedFrame& frame,
                         std::optional<int> quality);
std::string session_end(std::string_view session_id, std::int64_t total_frames);
std::string session_abort(std::string_view session_id);
// phrases: of a bout, how many were heard of.
std::string session_resume(std::string_view session_id, std::string_view resume_token, int phrases = 0);
// touch.time: on the clock of the frames' timestamps.
std::string touch_message(std::string_view session_id, const types::Touch& touch);
std::string signal_header(std::string_view session_id, std::string_view filename, std::size_t size);

struct Started {
  std::string resume_token;  // empty: a server that cannot resume
};
struct Resumed {
  std::string state;
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;  // of frames that the server has
  bool has_signal = false;
};
enum class AckStatus { received, duplicate, error };
struct FrameAck {
  std::int64_t number = 0;
  AckStatus status = AckStatus::received;
  std::string note;  // a warning or an error text that came with it
};
struct Ended {
  bool valid = true;
  std::vector<std::string> issues;
};
struct SignalAck {};
struct ProcessStart {};
struct Progress {
  std::string stage;
  double progress = 0;  // 0..1
  std::string message;
  std::string winner;  // with the decision, before the result: "left", "right", ...; else empty
};
struct Complete {
  std::string result;  // JSON object
};
struct PhraseComplete {
  int number = 0;
  std::string winner;
  double confidence = 0;
  bool review = false;
  std::string reason;
  int left = 0;  // the score after it
  int right = 0;
};
struct PictureLag {  // of a bout: by how much the picture lags the box
  std::string text;
};
struct ServerError {
  std::string code;
  std::string text;
  bool recoverable = false;
  std::optional<std::int64_t> frame_number;
  std::optional<std::int64_t> retry_after = {};  // s
};
struct Other {  // pong, and kinds that a later server may send
  std::string type;
};

using Reply = std::variant<Started, Resumed, FrameAck, Ended, SignalAck, ProcessStart, Progress, Complete,
                           PhraseComplete, PictureLag, ServerError, Other>;

// Failure: not a JSON object with a type, or a known type whose fields are of the wrong kind.
Result<Reply> parse_reply(std::string_view text);

}  // namespace piste::client
