#include "video/raw.h"

#include <algorithm>
#include <string>

#include "video/blend.h"

namespace piste::video {
namespace {

constexpr std::size_t header_size = 12;

std::uint32_t little_endian(std::span<const std::uint8_t> bytes, std::size_t at) {
  return bytes[at] | std::uint32_t{bytes[at + 1]} << 8 | std::uint32_t{bytes[at + 2]} << 16 |
         std::uint32_t{bytes[at + 3]} << 24;
}

std::string dimensions(std::uint64_t width, std::uint64_t height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

bool is_consistent(std::uint64_t width, std::uint64_t height, std::uint64_t channels, std::size_t size) {
  const bool known = channels == 1 || channels == 3 || channels == 4;
  return known && width > 0 && height > 0 && width <= size && height <= size && width * height <= size &&
         width * height * channels == size;
}

}  // namespace

Result<RawLayout> raw_layout(std::span<const std::uint8_t> bytes, int width, int height) {
  const auto expected = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
  if (bytes.size() == expected) return RawLayout{bytes, 3, width, height};
  if (bytes.size() > header_size) {
    const std::uint32_t h = little_endian(bytes, 0), w = little_endian(bytes, 4),
                        channels = little_endian(bytes, 8);
    const auto pixels = bytes.subspan(header_size);
    if (is_consistent(w, h, channels, pixels.size()))
      return RawLayout{pixels, static_cast<int>(channels), static_cast<int>(w), static_cast<int>(h)};
  }
  return Error{ErrorCode::size_mismatch,
               "the RAW frame has " + std::to_string(bytes.size()) + " bytes; " + dimensions(width, height) +
                   " BGR needs " + std::to_string(expected) +
                   ", or a 12-byte header (height, width, channels 1, 3 or 4) and that many"};
}

types::Image decode_raw(const RawLayout& layout) {
  types::Image image{layout.width, layout.height, {}};
  const auto pixels = layout.pixels.size() / static_cast<std::size_t>(layout.channels);
  if (layout.channels == 3) {
    image.bgr.assign(layout.pixels.begin(), layout.pixels.end());
    return image;
  }
  image.bgr.resize(pixels * 3);
  if (layout.channels == 4) {
    blend_over_black(layout.pixels.data(), image.bgr.data(), pixels);
  } else {
    std::uint8_t* out = image.bgr.data();
    for (const std::uint8_t grey : layout.pixels) out = std::fill_n(out, 3, grey);
  }
  return image;
}

}  // namespace piste::video
