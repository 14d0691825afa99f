// PNG: what its chunks say without inflating, and libpng behind it. Internal to the module.
#pragma once

#include <cstdint>
#include <span>

#include "types/frame.h"
#include "video/error.h"

namespace piste::video {

struct PngHeader {
  int width = 0;
  int height = 0;
};

// Walks every chunk with its checksum to IEND.
Result<PngHeader> scan_png(std::span<const std::uint8_t> bytes);

// header: what scan_png() said of the same bytes.
Result<types::Image> decode_png(std::span<const std::uint8_t> bytes, const PngHeader& header);

}  // namespace piste::video
