#include <zlib.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "video/limits.h"
#include "video/png_picture.h"

namespace piste::video {
namespace {

constexpr std::array<std::uint8_t, 8> signature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
constexpr std::size_t chunk_overhead = 12;  // length, type, checksum

Error unreadable(const std::string& why) {
  return {ErrorCode::unreadable, "not a readable PNG: " + why};
}

std::uint32_t big_endian(std::span<const std::uint8_t> bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 |
         std::uint32_t{bytes[at + 2]} << 8 | bytes[at + 3];
}

struct Chunk {
  std::string_view type;
  std::span<const std::uint8_t> data;
};

// A wrong length leads to bytes that are no chunk, and the checksum tells.
// The chunk at the start of bytes, its checksum checked.
Result<Chunk> read_chunk(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < chunk_overhead) return unreadable("it is cut short (no end chunk)");
  const std::size_t length = big_endian(bytes, 0);
  if (length > bytes.size() - chunk_overhead) return unreadable("it is cut short (no end chunk)");
  const auto checked = bytes.subspan(4, length + 4);
  if (crc32(0, checked.data(), static_cast<uInt>(checked.size())) != big_endian(bytes, 8 + length)) {
    return unreadable("a chunk's checksum is wrong");
  }
  return Chunk{{reinterpret_cast<const char*>(checked.data()), 4}, checked.subspan(4)};
}

// The combinations of the standard's table 11.1.
bool is_colour_kind(int colour, int depth) {
  switch (colour) {
    case 0:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case 3:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case 2:
    case 4:
    case 6:
      return depth == 8 || depth == 16;
    default:
      return false;
  }
}

Result<PngHeader> read_header(const Chunk& chunk) {
  const auto& data = chunk.data;
  if (chunk.type != "IHDR" || data.size() != 13) return unreadable("it does not begin with its header");
  const std::uint32_t width = big_endian(data, 0), height = big_endian(data, 4);
  if (!is_reasonable_size(width, height)) {
    return unreadable("its size " + std::to_string(width) + "x" + std::to_string(height) +
                      " is out of range");
  }
  if (!is_colour_kind(data[9], data[8]) || data[10] != 0 || data[11] != 0 || data[12] > 1) {
    return unreadable("its header has an unknown kind of picture");
  }
  return PngHeader{static_cast<int>(width), static_cast<int>(height)};
}

bool is_critical(std::string_view type) {
  return (type[0] & 0x20) == 0;
}

// The order of the critical chunks: palette before data (and there where the colours need it), data in one
// run, end.
class Order {
 public:
  explicit Order(bool needs_palette) : needs_palette_(needs_palette) {}

  // Empty when the chunk may come here.
  std::string_view objection(const Chunk& chunk) {
    if (chunk.type == "IDAT") {
      if (needs_palette_ && !palette_) return "its palette is missing";
      if (data_ended_) return "its data are not in one piece";
      has_data_ = true;
      bytes_ += chunk.data.size();
      return {};
    }
    data_ended_ = has_data_;
    if (chunk.type == "PLTE") {
      const auto size = chunk.data.size();
      if (palette_ || has_data_ || size == 0 || size % 3 || size > 768) return "its palette is wrong";
      palette_ = true;
    } else if (chunk.type == "IEND") {
      if (bytes_ == 0) return "it has no data";
    } else if (is_critical(chunk.type)) {
      return "it has an unknown chunk";
    }
    return {};
  }

 private:
  const bool needs_palette_;
  bool palette_ = false, has_data_ = false, data_ended_ = false;
  std::size_t bytes_ = 0;
};

}  // namespace

Result<PngHeader> scan_png(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < signature.size() || !std::equal(signature.begin(), signature.end(), bytes.begin())) {
    return unreadable("it does not begin as one");
  }
  bytes = bytes.subspan(signature.size());
  auto first = read_chunk(bytes);
  if (!first) return first.error();
  auto header = read_header(*first);
  if (!header) return header;
  Order order(first->data[9] == 3);
  for (Chunk chunk = *first; chunk.type != "IEND";) {
    bytes = bytes.subspan(chunk.data.size() + chunk_overhead);
    auto next = read_chunk(bytes);
    if (!next) return next.error();
    chunk = *next;
    if (const auto objection = order.objection(chunk); !objection.empty())
      return unreadable(std::string(objection));
  }
  return header;
}

}  // namespace piste::video
