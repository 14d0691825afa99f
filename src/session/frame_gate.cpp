#include "session/frame_gate.h"

#include <algorithm>

#include "session/validation.h"

namespace piste::session {
namespace {

constexpr std::int64_t most_units_after_key = 300;
constexpr std::size_t most_gaps = 10'000;  // that are remembered of a bout, which goes on for hours

}  // namespace

// A client's own count may be an estimate, so there is room beyond it.
std::int64_t FrameGate::most_numbers() const {
  constexpr double day = 24 * 60 * 60;  // s
  if (start_.bout) return static_cast<std::int64_t>(day * start_.fps);
  const std::int64_t most = limits_.max_frames;
  if (!start_.expected_frames || *start_.expected_frames > most) return most;
  return std::min(most, 2 * *start_.expected_frames + 300);
}

// How the sentence goes on that the frame's number begins. The first frame that comes may say where the
// numbers begin; all then lie within most_numbers() of one another.
std::optional<std::string> FrameGate::number_objection(std::int64_t number) const {
  const std::int64_t most = most_numbers();
  if (numbers_.count() == 0) return std::nullopt;
  const std::int64_t first = std::min(first_number(numbers_, {}), number);
  const std::int64_t highest = std::max(numbers_.highest(), number);
  if (highest - first < most) return std::nullopt;
  if (number == highest)
    return " is far beyond this session's: numbers must be below " + std::to_string(first + most);
  return " is far below this session's: numbers must be above " + std::to_string(highest - most);
}

// Likewise.
std::optional<std::string> FrameGate::encoding_objection(types::Encoding encoding) const {
  const bool h264 = encoding == types::Encoding::h264;
  if (h264 && !start_.h264)
    return " is h264, but session_start did not announce it with \"encoding\": \"h264\"";
  if (!h264 && start_.h264) return " is a single picture, but session_start announced h264 for all frames";
  if (encoding == types::Encoding::raw && start_.video_format != "bgr24")
    return " is raw, but the session's video_format is not bgr24, the only one for raw frames";
  return std::nullopt;
}

std::optional<std::string> FrameGate::objection(const protocol::FrameHeader& header) const {
  const std::string frame = "Frame " + std::to_string(header.number);
  if (auto reason = number_objection(header.number)) return frame + *reason;
  if (auto reason = encoding_objection(header.encoding)) return frame + *reason;
  return header.size ? size_objection(static_cast<std::size_t>(*header.size)) : std::nullopt;
}

std::optional<std::string> FrameGate::size_objection(std::size_t size) const {
  const std::size_t most = limits_.max_frame_bytes;
  if (size <= most) return std::nullopt;
  return "A frame may have " + std::to_string(most) + " bytes, this one has " + std::to_string(size);
}

// Decoding begins at key frames only, for whoever looks at a frame again: so they must come now and then.
std::optional<std::string> FrameGate::key_objection(bool key) const {
  if (key) return std::nullopt;
  if (numbers_.count() == 0) return "the first H.264 frame must be a key frame (IDR) with SPS and PPS";
  if (since_key_ < most_units_after_key) return std::nullopt;
  return "a key frame is due: at most " + std::to_string(most_units_after_key) +
         " H.264 frames may follow one";
}

bool FrameGate::take(std::int64_t number, bool key) {
  since_key_ = key ? 0 : since_key_ + 1;
  const bool fresh = numbers_.insert(number);
  if (start_.bout && numbers_.runs() > most_gaps) numbers_.assume_below(number);
  return fresh;
}

}  // namespace piste::session
