// Pictures with transparency, laid over black. Internal to the module.
#pragma once

#include <cstddef>
#include <cstdint>

namespace piste::video {

// bgra: 4 * pixels bytes, alpha not premultiplied. bgr: 3 * pixels bytes; may be the same memory.
inline void blend_over_black(const std::uint8_t* bgra, std::uint8_t* bgr, std::size_t pixels) {
  for (std::size_t i = 0; i < pixels; ++i, bgra += 4, bgr += 3) {
    const unsigned alpha = bgra[3];
    for (int c = 0; c < 3; ++c) bgr[c] = static_cast<std::uint8_t>((bgra[c] * alpha + 127) / 255);
  }
}

}  // namespace piste::video
