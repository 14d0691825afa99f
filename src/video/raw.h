// RAW frames: BGR24 as announced, or behind the 12-byte header that numpy-minded clients send. Internal to
// the module.
#pragma once

#include <cstdint>
#include <span>

#include "types/frame.h"
#include "video/error.h"

namespace piste::video {

struct RawLayout {
  std::span<const std::uint8_t> pixels;  // rows from the top, without padding
  int channels = 3;                      // 1 grey, 3 BGR, 4 BGRA
  int width = 0;                         // as the header says, or as announced
  int height = 0;
};

// bytes: width * height * 3, or little-endian u32 height, width, channels and height * width * channels
// bytes, which may then be of another size.
Result<RawLayout> raw_layout(std::span<const std::uint8_t> bytes, int width, int height);

types::Image decode_raw(const RawLayout& layout);

}  // namespace piste::video
