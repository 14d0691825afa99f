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
