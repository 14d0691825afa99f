// JPEG: what its markers say without decoding, and TurboJPEG behind it. Internal to the module.
#pragma once

#include <cstdint>
#include <span>

#include "types/frame.h"
#include "video/error.h"
#include "video/orientation.h"

namespace piste::video {

struct JpegHeader {
  int width = 0;  // as shown: turned as EXIF says
  int height = 0;
  Orientation orientation;  // of what is stored
  int components = 0;       // 1 grey, 3 YCbCr or RGB, 4 CMYK or YCCK
  bool progressive = false;

  int stored_width() const { return orientation.transpose ? height : width; }
  int stored_height() const { return orientation.transpose ? width : height; }
};

// Walks every marker and all entropy-coded data to the end-of-image marker; without one the data must be
// whole, which takes decoding them. ok: decoders will get through it (data damaged inside the scans still
// gives a picture, with damage in it).
Result<JpegHeader> scan_jpeg(std::span<const std::uint8_t> bytes);

// Upright. header: what scan_jpeg() said of the same bytes. reduce: 1, 2 or 4.
Result<types::Image> decode_jpeg(std::span<const std::uint8_t> bytes, const JpegHeader& header, int reduce);

// Whether all blocks of a picture without end marker are there: decodes them.
bool is_whole_without_end(std::span<const std::uint8_t> bytes, const JpegHeader& header);

}  // namespace piste::video
