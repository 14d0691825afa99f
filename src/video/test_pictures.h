// Pictures and files for the tests of this module.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "support/file_size_limit.h"
#include "support/temp_dir.h"
#include "types/frame.h"
#include "video/codec.h"

namespace piste::video::test {

using piste::test::FileSizeLimit;
using piste::test::TempDir;

// Smooth ramps in all channels, so that lossy codecs keep it closely. seed shifts it.
inline types::Image ramps(int width, int height, int seed = 0) {
  types::Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image.bgr.push_back(static_cast<std::uint8_t>(40 + (x * 150) / width));
      image.bgr.push_back(static_cast<std::uint8_t>(60 + (y * 150) / height));
      image.bgr.push_back(static_cast<std::uint8_t>(30 + (seed * 37) % 200));
    }
  }
  return image;
}

inline types::Image plain(int width, int height, std::uint8_t b, std::uint8_t g, std::uint8_t r) {
  types::Image image{width, height, {}};
  for (int i = 0; i < width * height; ++i) image.bgr.insert(image.bgr.end(), {b, g, r});
  return image;
}

// Mean absolute difference of the channels; huge for different sizes.
inline double difference(const types::Image& a, const types::Image& b) {
  if (a.width != b.width || a.height != b.height || a.bgr.size() != b.bgr.size()) return 1e9;
  double sum = 0;
  for (std::size_t i = 0; i < a.bgr.size(); ++i) sum += std::abs(int{a.bgr[i]} - int{b.bgr[i]});
  return sum / static_cast<double>(a.bgr.size());
}

inline types::EncodedFrame frame_of(types::Bytes bytes, types::Encoding encoding, int width, int height) {
  types::EncodedFrame frame;
  frame.encoding = encoding;
  frame.width = width;
  frame.height = height;
  frame.bytes = std::make_shared<const types::Bytes>(std::move(bytes));
  return frame;
}

inline types::Bytes jpeg_of(const types::Image& image, int quality = 95) {
  return encode_jpeg(image, quality).value();
}

// What a camera writes in front of the picture: EXIF with the orientation, and another entry before it.
inline types::Bytes with_exif(const types::Bytes& jpeg, int orientation, bool little) {
  types::Bytes exif;
  for (const char c : std::string_view("Exif\0\0", 6)) exif.push_back(static_cast<std::uint8_t>(c));
  const auto put = [&](std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i)
      exif.push_back(static_cast<std::uint8_t>(value >> 8 * (little ? i : size - 1 - i)));
  };
  for (int i = 0; i < 2; ++i) exif.push_back(little ? 'I' : 'M');
  put(42, 2), put(8, 4), put(2, 2);
  put(0x0103, 2), put(3, 2), put(1, 4), put(6, 2), put(0, 2);
  put(0x0112, 2), put(3, 2), put(1, 4), put(static_cast<std::uint32_t>(orientation), 2), put(0, 2);
  put(0, 4);
  const std::size_t length = exif.size() + 2;
  types::Bytes out = jpeg;
  out.insert(out.begin() + 2, exif.begin(), exif.end());
  out.insert(out.begin() + 2,
             {0xFF, 0xE1, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)});
  return out;
}

// As EXIF stores a picture that is to be shown like this: the table of its orientation tag, the other way
// round.
inline types::Image stored_for(const types::Image& shown, int orientation) {
  const bool transposed = orientation >= 5;
  types::Image stored{transposed ? shown.height : shown.width, transposed ? shown.width : shown.height, {}};
  for (int y = 0; y < stored.height; ++y) {
    for (int x = 0; x < stored.width; ++x) {
      // The stored row 0 is shown at the top (1, 2), bottom (3, 4), left (5, 8) or right (6, 7); the stored
      // column 0 at the left (1, 4), right (2, 3), top (5, 6) or bottom (7, 8).
      const bool row_from_end = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
      const bool column_from_end =
          orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
      const int down = row_from_end ? stored.height - 1 - y : y,
                along = column_from_end ? stored.width - 1 - x : x;
      const int to_x = transposed ? down : along, to_y = transposed ? along : down;
      const auto* pixel = &shown.bgr[static_cast<std::size_t>(to_y * shown.width + to_x) * 3];
      stored.bgr.insert(stored.bgr.end(), pixel, pixel + 3);
    }
  }
  return stored;
}

// A RAW frame with the 12-byte header.
inline types::Bytes with_header(std::uint32_t height, std::uint32_t width, std::uint32_t channels,
                                const types::Bytes& pixels) {
  types::Bytes bytes;
  for (const std::uint32_t value : {height, width, channels}) {
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
  }
  bytes.insert(bytes.end(), pixels.begin(), pixels.end());
  return bytes;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace piste::video::test
