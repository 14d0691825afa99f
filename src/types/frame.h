// A picture of the phrase: as it was sent (EncodedFrame) and as it is looked at (Frame).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace piste::types {

using Bytes = std::vector<std::uint8_t>;

// How a frame's bytes are to be read. raw: height * width * 3 bytes BGR, rows from the top, without padding.
// h264: one access unit, Annex B, one picture.
enum class Encoding : std::uint8_t { jpeg = 0, png = 1, raw = 2, h264 = 3 };

struct EncodedFrame {
  std::int64_t number = 0;          // the sender's, from 0; gaps are frames that were lost
  std::optional<double> timestamp;  // seconds on the sender's clock
  Encoding encoding = Encoding::jpeg;
  int width = 0;  // pixels, as announced for the phrase
  int height = 0;
  std::shared_ptr<const Bytes> bytes;
  bool key = true;  // can be decoded without the frames before it; false for most H.264 units
};

// 8-bit BGR, 3 * width bytes a row, rows from the top, no padding.
struct Image {
  int width = 0;
  int height = 0;
  Bytes bgr;
};

// A decoded frame. The image may be smaller than what was received; image pixel = scale * received pixel.
struct Frame {
  std::int64_t number = 0;
  double time = 0;  // seconds since the phrase's first frame
  double scale = 1;
  Image image;
};

}  // namespace piste::types
