#include "video/codec.h"

#include <gtest/gtest.h>

#include "video/test_pictures.h"

namespace piste::video {
namespace {

using namespace test;
using types::Bytes;
using types::Encoding;

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

// Many cameras give another size than they announce.
TEST(AnotherSize, IsTakenAndResizedToTheAnnouncedOne) {
  const auto image = ramps(64, 48);
  const std::vector<std::pair<Encoding, Bytes>> pictures{{Encoding::jpeg, encode_jpeg(image, 95).value()},
                                                         {Encoding::png, encode_png(image).value()},
                                                         {Encoding::raw, with_header(48, 64, 3, image.bgr)}};
  for (const auto& [encoding, bytes] : pictures) {
    SCOPED_TRACE(to_string(encoding));
    for (const auto& [width, height] : {std::pair{32, 24}, {128, 96}, {17, 90}, {16, 12}, {48, 64}}) {
      const auto inspected = inspect(encoding, bytes, width, height);
      ASSERT_TRUE(inspected.ok()) << inspected.error().message;
      EXPECT_EQ(inspected->width, 64);
      EXPECT_EQ(inspected->height, 48);
      for (const int reduce : {1, 2, 4}) {
        const auto decoded = decode(frame_of(bytes, encoding, width, height), reduce);
        ASSERT_TRUE(decoded.ok()) << decoded.error().message;
        EXPECT_EQ(decoded->width, (width + reduce - 1) / reduce);
        EXPECT_EQ(decoded->height, (height + reduce - 1) / reduce);
        EXPECT_EQ(decoded->bgr.size(), std::size_t(decoded->width) * std::size_t(decoded->height) * 3);
      }
    }
    const auto half = decode(frame_of(bytes, encoding, 32, 24));
    const auto average = decode(frame_of(bytes, encoding, 64, 48), 2);
    ASSERT_TRUE(half.ok() && average.ok());
    for (std::size_t i = 0; i < half->bgr.size(); ++i) ASSERT_NEAR(half->bgr[i], average->bgr[i], 6) << i;
  }
}

TEST(AnotherSize, IsRefusedWhereItIsHuge) {
  const Bytes huge(3 * 4096 * 2048);
  const auto raw = with_header(2048, 4096, 3, huge);
  EXPECT_EQ(inspect(Encoding::raw, raw, 640, 480).error().code, ErrorCode::size_mismatch);
  EXPECT_EQ(decode(frame_of(raw, Encoding::raw, 640, 480)).error().code, ErrorCode::size_mismatch);
  EXPECT_TRUE(inspect(Encoding::raw, raw, 4096, 2048).ok());
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

TEST(Inspect, JpegAndPngAreTakenForWhatTheyAre) {
  const auto image = ramps(64, 48);
  const auto png = *encode_png(image), jpeg = jpeg_of(image);
  EXPECT_TRUE(inspect(Encoding::png, jpeg, 64, 48).ok());
  EXPECT_TRUE(inspect(Encoding::jpeg, png, 64, 48).ok());
  EXPECT_EQ(decode(frame_of(png, Encoding::jpeg, 64, 48))->bgr, image.bgr);
  EXPECT_LT(difference(*decode(frame_of(jpeg, Encoding::png, 64, 48)), image), 3);
  EXPECT_EQ(encoding_of(Encoding::jpeg, png), Encoding::png);
  EXPECT_EQ(encoding_of(Encoding::png, jpeg), Encoding::jpeg);
  EXPECT_EQ(encoding_of(Encoding::raw, jpeg), Encoding::raw);
  EXPECT_EQ(encoding_of(Encoding::jpeg, image.bgr), Encoding::jpeg);
}

TEST(Inspect, OneEncodingForAnotherIsRefused) {
  const auto image = ramps(64, 48);
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
