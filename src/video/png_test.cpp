#include <gtest/gtest.h>
#include <png.h>
#include <zlib.h>

#include <functional>
#include <random>

#include "video/codec.h"
#include "video/png_picture.h"
#include "video/test_pictures.h"

namespace piste::video {
namespace {

using namespace test;
using types::Bytes;
using types::Encoding;

constexpr int width = 37, height = 21;

struct Kind {
  int colour = PNG_COLOR_TYPE_RGB;
  int depth = 8;
  bool interlaced = false;
};

// prepare: palette, transparency. row: the bytes of row y as the file has them.
Bytes make_png(Kind kind, const std::function<Bytes(int y)>& row,
               const std::function<void(png_structp, png_infop)>& prepare = {}) {
  Bytes out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &out,
      [](png_structp p, png_bytep data, std::size_t size) {
        auto* bytes = static_cast<Bytes*>(png_get_io_ptr(p));
        bytes->insert(bytes->end(), data, data + size);
      },
      nullptr);
  png_set_IHDR(png, info, width, height, kind.depth, kind.colour,
               kind.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (prepare) prepare(png, info);
  png_write_info(png, info);
  std::vector<Bytes> rows;
  for (int y = 0; y < height; ++y) rows.push_back(row(y));
  std::vector<png_bytep> pointers;
  for (auto& r : rows) pointers.push_back(r.data());
  png_write_image(png, pointers.data());
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return out;
}

Bytes repeated(std::initializer_list<std::uint8_t> pixel) {
  Bytes row;
  for (int x = 0; x < width; ++x) row.insert(row.end(), pixel);
  return row;
}

void expect_plain(const Bytes& png, std::uint8_t b, std::uint8_t g, std::uint8_t r) {
  ASSERT_TRUE(inspect(Encoding::png, png, width, height).ok());
  const auto image = decode(frame_of(png, Encoding::png, width, height));
  ASSERT_TRUE(image.ok()) << image.error().message;
  EXPECT_EQ(image->bgr, plain(width, height, b, g, r).bgr);
}

TEST(Png, EveryColourTypeComesBackInItsColours) {
  expect_plain(make_png({PNG_COLOR_TYPE_RGB}, [](int) { return repeated({10, 120, 250}); }), 250, 120, 10);
  expect_plain(make_png({PNG_COLOR_TYPE_GRAY}, [](int) { return repeated({77}); }), 77, 77, 77);
  expect_plain(make_png({PNG_COLOR_TYPE_GRAY, 1}, [](int) { return Bytes(5, 0xFF); }), 255, 255, 255);
  expect_plain(make_png({PNG_COLOR_TYPE_GRAY, 4}, [](int) { return Bytes(19, 0x33); }), 51, 51, 51);
  expect_plain(make_png({PNG_COLOR_TYPE_RGB, 16}, [](int) { return repeated({10, 10, 120, 120, 250, 250}); }),
               250, 120, 10);
  expect_plain(make_png({PNG_COLOR_TYPE_GRAY, 16}, [](int) { return repeated({200, 200}); }), 200, 200, 200);
}

TEST(Png, TransparencyIsLaidOverBlack) {
  expect_plain(make_png({PNG_COLOR_TYPE_RGBA}, [](int) { return repeated({10, 120, 250, 255}); }), 250, 120,
               10);
  expect_plain(make_png({PNG_COLOR_TYPE_RGBA}, [](int) { return repeated({10, 100, 250, 51}); }), 50, 20, 2);
  expect_plain(make_png({PNG_COLOR_TYPE_GRAY_ALPHA}, [](int) { return repeated({200, 51}); }), 40, 40, 40);
  expect_plain(
      make_png({PNG_COLOR_TYPE_RGBA, 16}, [](int) { return repeated({10, 10, 120, 120, 250, 250, 0, 0}); }),
      0, 0, 0);
}

TEST(Png, PaletteWithAndWithoutTransparency) {
  const png_color colours[2] = {{1, 2, 3}, {250, 120, 10}};
  const auto row = [](int) { return Bytes(10, 0b01010101); };
  const auto palette = [&](png_structp png, png_infop info) { png_set_PLTE(png, info, colours, 2); };
  expect_plain(make_png({PNG_COLOR_TYPE_PALETTE, 2}, row, palette), 10, 120, 250);
  const auto transparent = [&](png_structp png, png_infop info) {
    png_set_PLTE(png, info, colours, 2);
    const png_byte alpha[2] = {255, 0};
    png_set_tRNS(png, info, alpha, 2, nullptr);
  };
  expect_plain(make_png({PNG_COLOR_TYPE_PALETTE, 2}, row, transparent), 0, 0, 0);
}

TEST(Png, InterlacedIsTheSamePicture) {
  const auto row = [](int y) {
    Bytes bytes;
    for (int x = 0; x < width; ++x)
      bytes.insert(bytes.end(), {std::uint8_t(x), std::uint8_t(y), std::uint8_t(x ^ y)});
    return bytes;
  };
  const auto straight = decode(frame_of(make_png({}, row), Encoding::png, width, height));
  const auto interlaced =
      decode(frame_of(make_png({PNG_COLOR_TYPE_RGB, 8, true}, row), Encoding::png, width, height));
  ASSERT_TRUE(straight.ok() && interlaced.ok());
  EXPECT_EQ(straight->bgr, interlaced->bgr);
  EXPECT_EQ(straight->bgr[(5 * width + 9) * 3 + 2], 9);
}

TEST(Png, OwnEncodingIsLossless) {
  const auto image = ramps(123, 45, 3);
  const auto png = encode_png(image);
  ASSERT_TRUE(png.ok());
  EXPECT_TRUE(inspect(Encoding::png, *png, 123, 45).ok());
  EXPECT_EQ(decode(frame_of(*png, Encoding::png, 123, 45))->bgr, image.bgr);
  EXPECT_FALSE(encode_png(types::Image{4, 4, {}}).ok());
}

TEST(Png, ReducedIsAveraged) {
  types::Image image{5, 2, {}};
  for (int i = 0; i < 10; ++i) image.bgr.insert(image.bgr.end(), 3, static_cast<std::uint8_t>(i % 5 * 40));
  const auto half = decode(frame_of(*encode_png(image), Encoding::png, 5, 2), 2);
  ASSERT_TRUE(half.ok());
  ASSERT_EQ(half->width, 3);
  ASSERT_EQ(half->height, 1);
  EXPECT_EQ(half->bgr, (Bytes{20, 20, 20, 100, 100, 100, 160, 160, 160}));
}

TEST(Png, CutAnywhereIsRefused) {
  const auto png = encode_png(ramps(200, 150)).value();
  for (std::size_t size = 0; size < png.size(); size += 10) {
    const Bytes cut(png.begin(), png.begin() + static_cast<std::ptrdiff_t>(size));
    const auto result = inspect(Encoding::png, cut, 200, 150);
    ASSERT_FALSE(result.ok()) << size;
    ASSERT_EQ(result.error().code, ErrorCode::unreadable);
    ASSERT_FALSE(decode(frame_of(cut, Encoding::png, 200, 150)).ok()) << size;
  }
}

TEST(Png, AnyFlippedByteIsFound) {
  const auto png = encode_png(ramps(60, 40)).value();
  for (std::size_t at = 0; at < png.size(); at += 3) {
    auto damaged = png;
    damaged[at] ^= 0x10;
    ASSERT_FALSE(inspect(Encoding::png, damaged, 60, 40).ok()) << at;
  }
}

void put_u32(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void put_chunk(Bytes& out, const std::string& type, const Bytes& data) {
  put_u32(out, static_cast<std::uint32_t>(data.size()));
  const auto start = out.size();
  out.insert(out.end(), type.begin(), type.end());
  out.insert(out.end(), data.begin(), data.end());
  put_u32(out,
          static_cast<std::uint32_t>(crc32(0, out.data() + start, static_cast<uInt>(out.size() - start))));
}

Bytes hand_made(std::uint32_t w, std::uint32_t h, const Bytes& data) {
  Bytes out{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  Bytes header;
  put_u32(header, w);
  put_u32(header, h);
  header.insert(header.end(), {8, 2, 0, 0, 0});
  put_chunk(out, "IHDR", header);
  put_chunk(out, "IDAT", data);
  put_chunk(out, "IEND", {});
  return out;
}

TEST(Png, GigapixelsInTwentyKilobytesAreRefused) {
  Bytes zeros(20 << 20), data(compressBound(20 << 20));
  uLongf size = data.size();
  ASSERT_EQ(compress2(data.data(), &size, zeros.data(), zeros.size(), 9), Z_OK);
  data.resize(size);
  const auto bomb = hand_made(50000, 50000, data);
  EXPECT_LT(bomb.size(), 25000u);
  EXPECT_FALSE(inspect(Encoding::png, bomb, 1280, 720).ok());
  EXPECT_FALSE(inspect(Encoding::png, bomb, 50000, 50000).ok());
  EXPECT_FALSE(decode(frame_of(bomb, Encoding::png, 50000, 50000)).ok());
}

TEST(Png, WellFormedChunksWithBadDataAreAnError) {
  EXPECT_FALSE(decode(frame_of(hand_made(64, 64, {1, 2, 3, 4}), Encoding::png, 64, 64)).ok());
  Bytes zeros(100), data(compressBound(100));
  uLongf size = data.size();
  ASSERT_EQ(compress2(data.data(), &size, zeros.data(), zeros.size(), 9), Z_OK);
  data.resize(size);  // far fewer rows than announced
  EXPECT_FALSE(decode(frame_of(hand_made(64, 64, data), Encoding::png, 64, 64)).ok());
}

}  // namespace
}  // namespace piste::video
