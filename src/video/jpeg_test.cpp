#include "video/jpeg.h"

#include <gtest/gtest.h>
#include <turbojpeg.h>

#include <random>
#include <vector>

#include "video/codec.h"
#include "video/test_pictures.h"

namespace piste::video {
namespace {

using namespace test;
using types::Bytes;
using types::Encoding;

Bytes compress(const Bytes& pixels, int width, int height, int format, int subsampling, int flags = 0) {
  const tjhandle handle = tjInitCompress();
  unsigned char* out = nullptr;
  unsigned long size = 0;
  EXPECT_EQ(tjCompress2(handle, pixels.data(), width, 0, height, format, &out, &size, subsampling, 95, flags),
            0);
  Bytes bytes(out, out + size);
  tjFree(out);
  tjDestroy(handle);
  return bytes;
}

Bytes compress(const types::Image& image, int subsampling, int flags = 0) {
  return compress(image.bgr, image.width, image.height, TJPF_BGR, subsampling, flags);
}

// Offset of the first segment with this marker.
std::size_t find_segment(const Bytes& jpeg, std::uint8_t marker) {
  for (std::size_t at = 2; at + 4 < jpeg.size();) {
    if (jpeg[at + 1] == marker) return at;
    at += 2u + (std::size_t{jpeg[at + 2]} << 8 | jpeg[at + 3]);
  }
  ADD_FAILURE() << "no such segment";
  return 0;
}

Bytes without_segments(Bytes jpeg, std::uint8_t marker, int count) {
  for (int i = 0; i < count; ++i) {
    const auto at = find_segment(jpeg, marker);
    const auto length = 2u + (std::size_t{jpeg[at + 2]} << 8 | jpeg[at + 3]);
    jpeg.erase(jpeg.begin() + static_cast<std::ptrdiff_t>(at),
               jpeg.begin() + static_cast<std::ptrdiff_t>(at + length));
  }
  return jpeg;
}

Bytes with_frame_marker(Bytes jpeg, std::uint8_t marker) {
  jpeg[find_segment(jpeg, 0xC0) + 1] = marker;
  return jpeg;
}

Result<types::Image> decoded(const Bytes& bytes, int width, int height, int reduce = 1) {
  return decode(frame_of(bytes, Encoding::jpeg, width, height), reduce);
}

ErrorCode inspect_code(const Bytes& bytes, int width = 64, int height = 48) {
  const auto result = inspect(Encoding::jpeg, bytes, width, height);
  EXPECT_FALSE(result.ok());
  return result.ok() ? ErrorCode::io : result.error().code;
}

TEST(Jpeg, EverySubsamplingAndProgressiveComesBackInItsColours) {
  const auto image = ramps(70, 50);
  for (const int subsampling : {TJSAMP_444, TJSAMP_422, TJSAMP_420, TJSAMP_440, TJSAMP_411}) {
    for (const int flags : {0, TJFLAG_PROGRESSIVE}) {
      const auto jpeg = compress(image, subsampling, flags);
      EXPECT_TRUE(inspect(Encoding::jpeg, jpeg, 70, 50).ok());
      const auto back = decoded(jpeg, 70, 50);
      ASSERT_TRUE(back.ok());
      EXPECT_LT(difference(*back, image), 3) << subsampling;
    }
  }
}

TEST(Jpeg, GreyComesBackGrey) {
  const auto jpeg = compress(plain(64, 48, 90, 90, 90), TJSAMP_GRAY);
  ASSERT_EQ(scan_jpeg(jpeg)->components, 1);
  EXPECT_LT(difference(*decoded(jpeg, 64, 48), plain(64, 48, 90, 90, 90)), 2);
}

// Inverted CMYK as programs write it: 255 is no ink. Orange: little cyan, half magenta, much yellow.
Bytes orange_cmyk() {
  Bytes pixels;
  for (int i = 0; i < 64 * 48; ++i) pixels.insert(pixels.end(), {240, 140, 20, 230});
  return pixels;
}

TEST(Jpeg, YcckComesBackInItsColours) {
  const auto jpeg = compress(orange_cmyk(), 64, 48, TJPF_CMYK, TJSAMP_444);
  ASSERT_EQ(scan_jpeg(jpeg)->components, 4);
  ASSERT_TRUE(inspect(Encoding::jpeg, jpeg, 64, 48).ok());
  const auto expected = plain(64, 48, 20 * 230 / 255, 140 * 230 / 255, 240 * 230 / 255);
  EXPECT_LT(difference(*decoded(jpeg, 64, 48), expected), 3);
}

TEST(Jpeg, CmykComesBackInItsColours) {
  // Relabelled by Adobe's transform byte, the Y, Cb, Cr, K of a YCCK picture are C, M, Y, K.
  auto jpeg = compress(orange_cmyk(), 64, 48, TJPF_CMYK, TJSAMP_444);
  const auto adobe = find_segment(jpeg, 0xEE);
  ASSERT_EQ(jpeg[adobe + 15], 2);
  jpeg[adobe + 15] = 0;
  const double r = 255 - 240, g = 255 - 140, b = 255 - 20;
  const double y = .299 * r + .587 * g + .114 * b, cb = 128 + .564 * (b - y), cr = 128 + .713 * (r - y);
  const auto scaled = [](double v) { return static_cast<std::uint8_t>(std::clamp(v, 0., 255.) * 230 / 255); };
  EXPECT_LT(difference(*decoded(jpeg, 64, 48), plain(64, 48, scaled(cr), scaled(cb), scaled(y))), 3);
}

TEST(Jpeg, StandardTablesMayBeLeftOut) {
  const auto image = ramps(64, 48);
  const auto full = jpeg_of(image);
  const auto bare = without_segments(full, 0xC4, 4);
  ASSERT_LT(bare.size(), full.size());
  EXPECT_TRUE(inspect(Encoding::jpeg, bare, 64, 48).ok());
  EXPECT_EQ(decoded(bare, 64, 48)->bgr, decoded(full, 64, 48)->bgr);
}

TEST(Jpeg, PaddingAfterTheEndIsTolerated) {
  auto jpeg = jpeg_of(ramps(64, 48));
  jpeg.resize(jpeg.size() + 4096);
  EXPECT_TRUE(inspect(Encoding::jpeg, jpeg, 64, 48).ok());
  EXPECT_TRUE(decoded(jpeg, 64, 48).ok());
}

TEST(Jpeg, ReducedIsTheSamePictureSmaller) {
  const auto jpeg = jpeg_of(ramps(101, 67));
  const auto half = decoded(jpeg, 101, 67, 2), quarter = decoded(jpeg, 101, 67, 4);
  ASSERT_TRUE(half.ok() && quarter.ok());
  EXPECT_LT(difference(*half, ramps(51, 34)), 4);
  EXPECT_LT(difference(*quarter, ramps(26, 17)), 5);
}

TEST(Jpeg, KindsThatAreNotTakenSaySo) {
  const auto jpeg = jpeg_of(ramps(64, 48));
  for (const std::uint8_t marker : {0xC3, 0xC5, 0xC9, 0xCA, 0xCB}) {
    EXPECT_EQ(inspect_code(with_frame_marker(jpeg, marker)), ErrorCode::unsupported);
  }
  auto twelve_bit = jpeg;
  twelve_bit[find_segment(jpeg, 0xC0) + 4] = 12;
  EXPECT_EQ(inspect_code(twelve_bit), ErrorCode::unsupported);
  EXPECT_NE(inspect(Encoding::jpeg, twelve_bit, 64, 48).error().message.find("12-bit"), std::string::npos);
}

TEST(Jpeg, CutAnywhereIsRefused) {
  const auto jpeg = compress(ramps(200, 150), TJSAMP_420, TJFLAG_PROGRESSIVE);
  for (std::size_t size = 0; size < jpeg.size(); size += 10) {
    const Bytes cut(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(size));
    ASSERT_EQ(inspect_code(cut, 200, 150), ErrorCode::unreadable) << size;
    ASSERT_FALSE(decoded(cut, 200, 150).ok()) << size;
  }
}

TEST(Jpeg, MissingPartsAreFound) {
  const auto jpeg = jpeg_of(ramps(64, 48));
  EXPECT_EQ(inspect_code(without_segments(jpeg, 0xDB, 1)), ErrorCode::unreadable);  // quantization
  EXPECT_EQ(inspect_code(without_segments(jpeg, 0xC0, 1)), ErrorCode::unreadable);  // frame header
  const auto progressive = compress(ramps(64, 48), TJSAMP_420, TJFLAG_PROGRESSIVE);
  EXPECT_EQ(inspect_code(without_segments(progressive, 0xC4, 1)), ErrorCode::unreadable);  // Huffman
  // Headers, one scan without data, the end.
  const auto scan = find_segment(jpeg, 0xDA) + 14;
  Bytes empty(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(scan));
  empty.insert(empty.end(), {0xFF, 0xD9});
  EXPECT_EQ(inspect_code(empty), ErrorCode::unreadable);
}

TEST(Jpeg, AnAbsurdSizeIsRefusedBeforeDecoding) {
  const auto jpeg = jpeg_of(ramps(64, 48));
  auto huge = jpeg;
  const auto header = find_segment(huge, 0xC0);
  huge[header + 5] = huge[header + 7] = 0xFF;
  EXPECT_EQ(inspect_code(huge, 65328, 65344), ErrorCode::unsupported);
  EXPECT_EQ(inspect_code(huge), ErrorCode::unreadable);
}

TEST(Jpeg, DamageInsideThePictureStillGivesOne) {
  auto jpeg = jpeg_of(ramps(200, 150));
  for (std::size_t i = jpeg.size() / 2; i < jpeg.size() / 2 + 40; ++i) jpeg[i] = 0x55;
  EXPECT_TRUE(inspect(Encoding::jpeg, jpeg, 200, 150).ok());
  EXPECT_TRUE(decoded(jpeg, 200, 150).ok());
}

TEST(Jpeg, WhatPassesTheDoorIsDecodable) {
  std::mt19937 random(7);
  const std::vector<Bytes> seeds{
      jpeg_of(ramps(64, 48)), compress(ramps(64, 48), TJSAMP_444, TJFLAG_PROGRESSIVE),
      compress(ramps(64, 48), TJSAMP_GRAY), compress(orange_cmyk(), 64, 48, TJPF_CMYK, TJSAMP_420)};
  int passed = 0;
  for (int round = 0; round < 8000; ++round) {
    Bytes jpeg = seeds[static_cast<std::size_t>(round) % seeds.size()];
    for (int change = round % 3; change >= 0; --change)
      jpeg[random() % jpeg.size()] = static_cast<std::uint8_t>(random());
    if (!inspect(Encoding::jpeg, jpeg, 64, 48)) continue;
    ++passed;
    const auto image = decoded(jpeg, 64, 48);
    ASSERT_TRUE(image.ok()) << round << ": " << image.error().message;
  }
  EXPECT_GT(passed, 100);
}

TEST(Jpeg, EncodingRefusesAnImageThatIsNotWhole) {
  auto image = ramps(64, 48);
  image.bgr.pop_back();
  EXPECT_FALSE(encode_jpeg(image, 85).ok());
  EXPECT_FALSE(encode_jpeg(ramps(64, 48), 0).ok());
  EXPECT_FALSE(encode_jpeg(ramps(64, 48), 101).ok());
  EXPECT_LT(jpeg_of(ramps(64, 48), 20).size(), jpeg_of(ramps(64, 48), 95).size());
}

TEST(Jpeg, IsTurnedAsExifSaysWhicheverSizeIsAnnounced) {
  const auto shown = ramps(96, 64);
  for (const bool little : {true, false}) {
    for (int orientation = 1; orientation <= 8; ++orientation) {
      const auto stored = stored_for(shown, orientation);
      const auto jpeg = with_exif(jpeg_of(stored), orientation, little);
      for (const auto& [width, height] :
           {std::pair{shown.width, shown.height}, {stored.width, stored.height}}) {
        EXPECT_TRUE(inspect(Encoding::jpeg, jpeg, width, height).ok());
        const auto back = decoded(jpeg, width, height);
        ASSERT_TRUE(back.ok());
        EXPECT_LT(difference(*back, shown), 4) << orientation;
        const auto half = decoded(jpeg, width, height, 2);
        ASSERT_TRUE(half.ok());
        EXPECT_EQ(std::pair(half->width, half->height), std::pair(48, 32));
        EXPECT_EQ(scale_of(*half, frame_of(jpeg, Encoding::jpeg, width, height)), .5);
      }
    }
    for (const int absurd : {0, 9, 65535}) {
      EXPECT_LT(difference(*decoded(with_exif(jpeg_of(shown), absurd, little), 96, 64), shown), 4);
    }
  }
}

TEST(Jpeg, BrokenExifIsNoReasonToRefuse) {
  const auto shown = ramps(96, 64);
  const auto jpeg = with_exif(jpeg_of(shown), 6, true);
  for (std::size_t at = 6; at < 50; ++at) {
    for (const std::uint8_t value : {0, 1, 127, 255}) {
      auto broken = jpeg;
      broken[at] = value;
      EXPECT_TRUE(inspect(Encoding::jpeg, broken, 96, 64).ok() ||
                  inspect(Encoding::jpeg, broken, 64, 96).ok())
          << at;
    }
  }
}

TEST(Jpeg, WithoutItsEndMarkerIsTakenWhenItIsWhole) {
  const auto image = ramps(96, 64);
  for (const int flags : {0, TJFLAG_PROGRESSIVE}) {
    const auto jpeg = compress(image, TJSAMP_420, flags);
    auto bare = jpeg;
    bare.resize(bare.size() - 2);
    auto half_marker = jpeg;
    half_marker.pop_back();
    auto padded = bare;
    padded.resize(padded.size() + 40);
    for (const auto& bytes : {bare, half_marker, padded}) {
      EXPECT_TRUE(inspect(Encoding::jpeg, bytes, 96, 64).ok());
      const auto back = decoded(bytes, 96, 64);
      ASSERT_TRUE(back.ok());
      EXPECT_LT(difference(*back, image), 3);
    }
    auto cut = bare;
    cut.resize(cut.size() - 24);
    EXPECT_NE(inspect(Encoding::jpeg, cut, 96, 64).error().message.find("cut short"), std::string::npos);
  }
}

}  // namespace
}  // namespace piste::video
