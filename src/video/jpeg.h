// JPEG: what its markers say without decoding, and TurboJPEG behind it. Internal to the module.
#pragma once

#include <cstdint>
#include <span>

#include "types/frame.h"
#include "video/error.h"

namespace piste::video {

struct JpegHeader {
  int width = 0;
  int height = 0;
  int components = 0;  // 1 grey, 3 YCbCr or RGB, 4 CMYK or YCCK
  bool progressive = false;
};

// Walks every marker and all entropy-coded data to the end-of-image marker. ok: decoders will get through it
// (data damaged inside the scans still gives a picture, with damage in it).
Result<JpegHeader> scan_jpeg(std::span<const std::uint8_t> bytes);

// header: what scan_jpeg() said of the same bytes. reduce: 1, 2 or 4.
Result<types::Image> decode_jpeg(std::span<const std::uint8_t> bytes, const JpegHeader& header, int reduce);

}  // namespace piste::video
