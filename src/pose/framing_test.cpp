#include "pose/framing.h"

#include <gtest/gtest.h>

#include <limits>

namespace piste::pose {
namespace {

types::Frame grey_frame(int width, int height, std::uint8_t shade, double scale = 1) {
  types::Frame frame;
  frame.scale = scale;
  frame.image = {width, height, types::Bytes(static_cast<std::size_t>(width) * height * 3, shade)};
  return frame;
}

void paint(types::Frame& frame, const cv::Rect& area, const cv::Vec3b& bgr) {
  cv::Mat image(frame.image.height, frame.image.width, CV_8UC3, frame.image.bgr.data());
  image(area).setTo(bgr);
}

TEST(Letterbox, PutsAWideFrameInTheMiddleWithBarsAboveAndBelow) {
  const FramedImage boxed = letterbox(grey_frame(128, 64, 200), 64, 64, 114);
  EXPECT_EQ(boxed.rgb.size(), cv::Size(64, 64));
  EXPECT_EQ(boxed.rgb.at<cv::Vec3b>(15, 32), cv::Vec3b(114, 114, 114));
  EXPECT_EQ(boxed.rgb.at<cv::Vec3b>(16, 32), cv::Vec3b(200, 200, 200));
  EXPECT_EQ(boxed.rgb.at<cv::Vec3b>(47, 32), cv::Vec3b(200, 200, 200));
  EXPECT_EQ(boxed.rgb.at<cv::Vec3b>(48, 32), cv::Vec3b(114, 114, 114));
}

TEST(Letterbox, PutsATallFrameInTheMiddleWithBarsBesideIt) {
  const FramedImage boxed = letterbox(grey_frame(32, 64, 200), 64, 64, 0);
  EXPECT_EQ(boxed.rgb.at<cv::Vec3b>(32, 15), cv::Vec3b(0, 0, 0));
  EXPECT_EQ(boxed.rgb.at<cv::Vec3b>(32, 16), cv::Vec3b(200, 200, 200));
}

TEST(Letterbox, MapsTheFramesCornersBack) {
  for (const auto& [width, height] :
       {std::pair{1280, 720}, {720, 1280}, {1920, 1080}, {641, 479}, {100, 3000}}) {
    const Framing framing = letterbox(grey_frame(width, height, 0), 384, 224, 0).framing;
    const float ratio = std::min(384.0F / width, 224.0F / height);
    const float bar_x = (384 - width * ratio) / 2;
    const float bar_y = (224 - height * ratio) / 2;
    const float pixel = 1 / ratio;  // the bars are whole pixels of the input
    EXPECT_NEAR(framing.x(bar_x), 0, pixel) << width << " x " << height;
    EXPECT_NEAR(framing.y(bar_y), 0, pixel);
    EXPECT_NEAR(framing.x(384 - bar_x), width, pixel);
    EXPECT_NEAR(framing.y(224 - bar_y), height, pixel);
  }
}

TEST(Letterbox, GivesReceivedPixelsWhenTheFrameWasDecodedSmaller) {
  const Framing whole = letterbox(grey_frame(1280, 720, 0), 384, 224, 0).framing;
  const Framing half = letterbox(grey_frame(640, 360, 0, 0.5), 384, 224, 0).framing;
  EXPECT_NEAR(half.x(200), whole.x(200), 1e-3);
  EXPECT_NEAR(half.y(100), whole.y(100), 1e-3);
}

TEST(CutSquare, TakesTheLongerSideAroundTheCentre) {
  const FramedImage cut = cut_square(grey_frame(400, 400, 50), {100, 150, 200, 350}, 64);
  EXPECT_EQ(cut.rgb.size(), cv::Size(64, 64));
  EXPECT_FLOAT_EQ(cut.framing.x(0), 50);
  EXPECT_FLOAT_EQ(cut.framing.x(64), 250);
  EXPECT_FLOAT_EQ(cut.framing.y(0), 150);
  EXPECT_FLOAT_EQ(cut.framing.y(64), 350);
}

TEST(CutSquare, IsBlackOutsideTheFrame) {
  const FramedImage cut = cut_square(grey_frame(100, 100, 200), {-50, -50, 50, 50}, 100);
  EXPECT_EQ(cut.rgb.at<cv::Vec3b>(20, 80), cv::Vec3b(0, 0, 0));
  EXPECT_EQ(cut.rgb.at<cv::Vec3b>(80, 20), cv::Vec3b(0, 0, 0));
  EXPECT_EQ(cut.rgb.at<cv::Vec3b>(80, 80), cv::Vec3b(200, 200, 200));
  EXPECT_FLOAT_EQ(cut.framing.x(50), 0);
}

TEST(CutSquare, IsAllBlackBesideTheFrame) {
  const FramedImage cut = cut_square(grey_frame(100, 100, 200), {150, 150, 250, 250}, 32);
  EXPECT_EQ(cv::countNonZero(cut.rgb.reshape(1)), 0);
}

TEST(CutSquare, ShowsWhatLiesInTheCropInRgb) {
  types::Frame frame = grey_frame(300, 300, 0);
  paint(frame, {100, 100, 50, 50}, {10, 20, 30});
  const FramedImage cut = cut_square(frame, {100, 100, 150, 150}, 16);
  EXPECT_EQ(cut.rgb.at<cv::Vec3b>(8, 8), cv::Vec3b(30, 20, 10));
  EXPECT_EQ(cut.rgb.at<cv::Vec3b>(0, 0), cv::Vec3b(30, 20, 10));
}

TEST(CutSquare, ReadsTheCropInReceivedPixels) {
  types::Frame frame = grey_frame(200, 200, 0, 0.5);  // 400 x 400 received
  paint(frame, {50, 50, 25, 25}, {255, 255, 255});
  const FramedImage cut = cut_square(frame, {100, 100, 150, 150}, 20);
  EXPECT_EQ(cv::countNonZero(cut.rgb.reshape(1)), 20 * 20 * 3);
  EXPECT_FLOAT_EQ(cut.framing.x(0), 100);
  EXPECT_FLOAT_EQ(cut.framing.y(20), 150);
}

TEST(IsUsable, RefusesEmptyInvertedUnboundedAndUnknownBoxes) {
  const types::Frame frame = grey_frame(100, 100, 0);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinite = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(is_usable(frame, {-10, -10, 110, 110}));
  EXPECT_FALSE(is_usable(frame, {10, 10, 10, 20}));
  EXPECT_FALSE(is_usable(frame, {20, 10, 10, 20}));
  EXPECT_FALSE(is_usable(frame, {nan, 10, 20, 20}));
  EXPECT_FALSE(is_usable(frame, {0, 0, infinite, 20}));
  EXPECT_FALSE(is_usable(frame, {0, 0, 1e9F, 1e9F}));
}

TEST(IsSound, ComparesTheBytesWithTheSize) {
  EXPECT_TRUE(is_sound({4, 2, types::Bytes(24)}));
  EXPECT_FALSE(is_sound({4, 2, types::Bytes(23)}));
  EXPECT_FALSE(is_sound({0, 0, {}}));
  EXPECT_FALSE(is_sound({-4, -2, types::Bytes(24)}));
}

}  // namespace
}  // namespace piste::pose
