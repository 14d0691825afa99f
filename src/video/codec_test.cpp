#include "video/codec.h"

#include <gtest/gtest.h>

#include "video/test_pictures.h"

namespace piste::video {
namespace {

using namespace test;
using types::Bytes;
using types::Encoding;

TEST(Encoding, NamesInAnyCase) {
  EXPECT_EQ(parse_encoding("JPEG"), Encoding::jpeg);
  EXPECT_EQ(parse_encoding("jpg"), Encoding::jpeg);
  EXPECT_EQ(parse_encoding("Png"), Encoding::png);
  EXPECT_EQ(parse_encoding("raw"), Encoding::raw);
  EXPECT_EQ(parse_encoding("H264"), Encoding::h264);
  for (const char* name : {"h265", "", "jpeg ", "bgr24"})
    EXPECT_EQ(parse_encoding(name), std::nullopt) << name;
  for (const auto encoding : {Encoding::jpeg, Encoding::png, Encoding::raw, Encoding::h264}) {
    EXPECT_EQ(parse_encoding(to_string(encoding)), encoding);
  }
}

TEST(Raw, PlainAndWithHeaderAreTheSamePicture) {
  const auto image = ramps(31, 17);
  for (const auto& bytes : {image.bgr, with_header(17, 31, 3, image.bgr)}) {
    EXPECT_TRUE(inspect(Encoding::raw, bytes, 31, 17).ok());
    EXPECT_EQ(decode(frame_of(bytes, Encoding::raw, 31, 17))->bgr, image.bgr);
  }
}

TEST(Raw, OneAndFourChannelsComeBackInTheirColours) {
  const auto grey = with_header(2, 2, 1, {0, 50, 100, 255});
  EXPECT_TRUE(inspect(Encoding::raw, grey, 2, 2).ok());
  EXPECT_EQ(decode(frame_of(grey, Encoding::raw, 2, 2))->bgr,
            (Bytes{0, 0, 0, 50, 50, 50, 100, 100, 100, 255, 255, 255}));
  const auto bgra = with_header(1, 2, 4, {1, 2, 3, 255, 250, 100, 50, 51});
  EXPECT_EQ(decode(frame_of(bgra, Encoding::raw, 2, 1))->bgr, (Bytes{1, 2, 3, 50, 20, 10}));
}

TEST(Raw, WrongSizesSayWhatWouldBeRight) {
  const auto image = ramps(31, 17);
  const auto wrong = [](const Bytes& bytes) {
    const auto result = inspect(Encoding::raw, bytes, 31, 17);
    EXPECT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::size_mismatch);
    EXPECT_FALSE(decode(frame_of(bytes, Encoding::raw, 31, 17)).ok());
    return result.error().message;
  };
  auto cut = image.bgr;
  cut.pop_back();
  EXPECT_NE(wrong(cut).find("1581"), std::string::npos);
  EXPECT_NE(wrong(with_header(31, 17, 3, image.bgr)).find("17x31"), std::string::npos);
  wrong(with_header(17, 31, 2, Bytes(31 * 17 * 2)));
  wrong(with_header(0xFFFFFFFF, 0xFFFFFFFF, 3, image.bgr));
  wrong(with_header(17, 31, 3, cut));
  wrong({1, 2, 3});
}

TEST(Inspect, NeitherNothingNorAbsurdAnnouncements) {
  EXPECT_EQ(inspect(Encoding::jpeg, {}, 64, 48).error().code, ErrorCode::unreadable);
  const auto jpeg = jpeg_of(ramps(64, 48));
  for (const auto& [width, height] : {std::pair{0, 48}, {64, -1}, {1 << 30, 1 << 30}, {16384, 16384}}) {
    EXPECT_EQ(inspect(Encoding::jpeg, jpeg, width, height).error().code, ErrorCode::unsupported);
    EXPECT_EQ(inspect(Encoding::raw, jpeg, width, height).error().code, ErrorCode::unsupported);
  }
}

TEST(Inspect, OneEncodingForAnotherIsRefused) {
  const auto image = ramps(64, 48);
  EXPECT_FALSE(inspect(Encoding::png, jpeg_of(image), 64, 48).ok());
  EXPECT_FALSE(inspect(Encoding::jpeg, *encode_png(image), 64, 48).ok());
  EXPECT_FALSE(inspect(Encoding::raw, jpeg_of(image), 64, 48).ok());
  EXPECT_FALSE(inspect(Encoding::jpeg, image.bgr, 64, 48).ok());
}

TEST(Decode, RefusesWhatItCannotDo) {
  auto frame = frame_of(jpeg_of(ramps(64, 48)), Encoding::jpeg, 64, 48);
  EXPECT_EQ(decode(frame, 3).error().code, ErrorCode::unsupported);
  EXPECT_EQ(decode(frame, 0).error().code, ErrorCode::unsupported);
  frame.bytes = nullptr;
  EXPECT_EQ(decode(frame).error().code, ErrorCode::unreadable);
}

}  // namespace
}  // namespace piste::video
