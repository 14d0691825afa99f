// Which way up a picture is. Internal to the module.
#pragma once

#include <cstdint>
#include <span>

#include "types/frame.h"

namespace piste::video {

// How a picture is to be turned before it is shown: first transposed, then mirrored.
struct Orientation {
  bool transpose = false;
  bool flip_x = false;
  bool flip_y = false;
  bool is_upright() const { return !transpose && !flip_x && !flip_y; }
  bool operator==(const Orientation&) const = default;
};

// From FFmpeg's display matrix, nine numbers, to the nearest quarter turn.
Orientation orientation_of_matrix(const std::int32_t* matrix);

// From a JPEG's EXIF segment (APP1, behind its length), in either byte order; upright where it says nothing
// that can be read.
Orientation orientation_of_exif(std::span<const std::uint8_t> segment);

types::Image turned(types::Image image, Orientation orientation);

}  // namespace piste::video
