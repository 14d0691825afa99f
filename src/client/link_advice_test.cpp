#include "client/link_advice.h"

#include <gtest/gtest.h>

#include <random>

#include "video/codec.h"

namespace piste::client {
namespace {

types::EncodedFrame noisy_picture() {
  types::Image image{320, 180, types::Bytes(320 * 180 * 3)};
  std::mt19937 random(1);
  for (auto& value : image.bgr) value = static_cast<std::uint8_t>(100 + random() % 60);
  return {0,   0.0, types::Encoding::jpeg,
          320, 180, std::make_shared<const types::Bytes>(*video::encode_jpeg(image, 95))};
}

double bits_at(const types::EncodedFrame& frame, int quality) {
  return 8.0 * static_cast<double>(video::encode_jpeg(*video::decode(frame), quality)->size());
}

TEST(LinkAdvice, TakesTheBestQualityThatFits) {
  const auto frame = noisy_picture();
  const double link = 30 * bits_at(frame, 60) / 0.9;
  const auto setting = setting_that_fits(frame, 30, link * 1.001);
  ASSERT_TRUE(setting);
  EXPECT_EQ(setting->jpeg_quality, 60);
  EXPECT_EQ(setting->fps, 30);
  EXPECT_LE(setting->bits_per_second, link);
}

TEST(LinkAdvice, HalvesTheRateWhereQualityIsNotEnough) {
  const auto frame = noisy_picture();
  const auto setting = setting_that_fits(frame, 60, 60 * bits_at(frame, 30) * 0.6);
  ASSERT_TRUE(setting);
  EXPECT_EQ(setting->fps, 30);
}

TEST(LinkAdvice, SaysThatNothingFits) {
  EXPECT_FALSE(setting_that_fits(noisy_picture(), 30, 1000));
  types::EncodedFrame garbage = noisy_picture();
  garbage.bytes = std::make_shared<const types::Bytes>(types::Bytes{1, 2, 3});
  EXPECT_FALSE(setting_that_fits(garbage, 30, 1e9));
}

TEST(LinkAdvice, NamesTheOptions) {
  const auto frame = noisy_picture();
  const std::string text =
      advise(frame, {60 * bits_at(frame, 30) * 0.6, 60 * bits_at(frame, 95), 60, 4.2, 100});
  EXPECT_NE(text.find("The link is too slow"), std::string::npos);
  EXPECT_NE(text.find("4.2 s behind"), std::string::npos);
  EXPECT_NE(text.find("--jpeg-quality"), std::string::npos);
  EXPECT_NE(text.find("--fps 30"), std::string::npos);
}

TEST(LinkAdvice, NamesH264WithTheRateThatFits) {
  const auto frame = noisy_picture();
  const double pixels = 320 * 180 * 30;
  const std::string text = advise(frame, {0.05 * pixels, 60 * bits_at(frame, 95), 30, 4.2, 100});
  EXPECT_NE(text.find("--encoding h264 --bitrate 77 "), std::string::npos) << text;  // 0.9 of 86.4 kbit/s
  EXPECT_EQ(text.find("jpeg"), std::string::npos) << text;
  EXPECT_EQ(bitrate_that_fits(320, 180, 30, 100 * pixels), 172) << "no more than the usual one";
  EXPECT_FALSE(bitrate_that_fits(320, 180, 30, 0.01 * pixels)) << "too little to see fencers";
}

TEST(LinkAdvice, AnH264UnitIsASampleToo) {
  types::EncodedFrame unit = noisy_picture();
  unit.encoding = types::Encoding::h264;
  const std::string text = advise(unit, {0.05 * 320 * 180 * 30, 1e6, 30, 4.2, 100});
  EXPECT_NE(text.find("--bitrate 77"), std::string::npos) << text;
}

TEST(LinkAdvice, ASlowComputerIsNotASlowLink) {
  const std::string text = advise(noisy_picture(), {20e6, 30e6, 30, 2, 0});
  EXPECT_EQ(text.find("link is too slow"), std::string::npos);
  EXPECT_NE(text.find("--fps"), std::string::npos);
}

}  // namespace
}  // namespace piste::client
