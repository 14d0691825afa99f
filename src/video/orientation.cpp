#include "video/orientation.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <optional>
#include <utility>

namespace piste::video {
namespace {

// TIFF's numbers, in the byte order that it names.
class Tiff {
 public:
  explicit Tiff(std::span<const std::uint8_t> bytes) : bytes_(bytes), little_(bytes[0] == 'I') {}

  std::optional<std::uint32_t> u16(std::size_t at) const { return number(at, 2); }
  std::optional<std::uint32_t> u32(std::size_t at) const { return number(at, 4); }

 private:
  std::optional<std::uint32_t> number(std::size_t at, std::size_t size) const {
    if (at > bytes_.size() || bytes_.size() - at < size) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | bytes_[at + (little_ ? size - 1 - i : i)];
    return value;
  }

  const std::span<const std::uint8_t> bytes_;
  const bool little_;
};

// The value of EXIF's tag "Orientation" in the first directory.
std::optional<std::uint32_t> orientation_tag(const Tiff& tiff) {
  constexpr std::uint32_t tag = 0x0112, type_short = 3, type_long = 4;
  constexpr std::size_t entry_size = 12;
  const auto directory = tiff.u32(4);
  if (!directory) return std::nullopt;
  const auto count = tiff.u16(*directory).value_or(0);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = std::size_t{*directory} + 2 + i * entry_size;
    const auto name = tiff.u16(entry);
    if (!name) return std::nullopt;
    if (*name != tag) continue;
    const auto type = tiff.u16(entry + 2);
    return type == type_short ? tiff.u16(entry + 8) : type == type_long ? tiff.u32(entry + 8) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Orientation orientation_of_exif(std::span<const std::uint8_t> segment) {
  constexpr std::array<std::uint8_t, 6> name{'E', 'x', 'i', 'f', 0, 0};
  constexpr std::size_t tiff_header = 8;
  if (segment.size() < name.size() + tiff_header || !std::equal(name.begin(), name.end(), segment.begin()))
    return {};
  const auto bytes = segment.subspan(name.size());
  const Tiff tiff(bytes);
  if (bytes[0] != bytes[1] || (bytes[0] != 'I' && bytes[0] != 'M') || tiff.u16(2) != 42u) return {};
  // The tag's values 1 to 8: where the stored picture's first row and column are to be.
  constexpr std::array<Orientation, 9> by_value{{{},
                                                 {},
                                                 {false, true, false},
                                                 {false, true, true},
                                                 {false, false, true},
                                                 {true, false, false},
                                                 {true, true, false},
                                                 {true, true, true},
                                                 {true, false, true}}};
  const auto value = orientation_tag(tiff).value_or(1);
  return value < by_value.size() ? by_value[value] : Orientation{};
}

Orientation orientation_of_matrix(const std::int32_t* m) {
  // x' = m[0] x + m[3] y, y' = m[1] x + m[4] y; translations only bring the picture back to the origin.
  const auto size = [](std::int32_t value) { return std::abs(static_cast<std::int64_t>(value)); };
  if (size(m[0]) + size(m[4]) >= size(m[1]) + size(m[3])) return {false, m[0] < 0, m[4] < 0};
  return {true, m[3] < 0, m[1] < 0};
}

types::Image turned(types::Image image, Orientation orientation) {
  if (orientation.is_upright()) return image;
  const cv::Mat source(image.height, image.width, CV_8UC3, image.bgr.data());
  types::Image upright{image.width, image.height, types::Bytes(image.bgr.size())};
  if (orientation.transpose) std::swap(upright.width, upright.height);
  cv::Mat target(upright.height, upright.width, CV_8UC3, upright.bgr.data());
  const int axes = orientation.flip_x && orientation.flip_y ? -1 : orientation.flip_x ? 1 : 0;
  if (!orientation.transpose) {
    cv::flip(source, target, axes);
    return upright;
  }
  cv::transpose(source, target);
  if (orientation.flip_x || orientation.flip_y)
    cv::flip(target, target, axes);  // in place, as cv::rotate does
  return upright;
}

}  // namespace piste::video
