// How large a picture may be. Checked before anything is allocated for it. Internal to the module.
#pragma once

#include <cstdint>

#include "types/frame.h"

namespace piste::video {

constexpr int max_side = 16384;                             // pixels
constexpr std::int64_t max_pixels = std::int64_t{1} << 26;  // 8192 x 8192: 200 MB as BGR

constexpr bool is_reasonable_size(std::int64_t width, std::int64_t height) {
  return width > 0 && height > 0 && width <= max_side && height <= max_side && width * height <= max_pixels;
}

// Whether an image that was handed in holds what it says.
inline bool is_complete(const types::Image& image) {
  return is_reasonable_size(image.width, image.height) &&
         image.bgr.size() ==
             static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 3;
}

}  // namespace piste::video
