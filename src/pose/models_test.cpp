// The models that ship, on drawn figures. bench_pose measures them on real frames.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <opencv2/imgproc.hpp>

#include "pose/estimator.h"

namespace piste::pose {
namespace {

using namespace types::joint;

const std::filesystem::path kModels = PISTE_SOURCE_DIR "/models";

std::unique_ptr<Detector> multipose() {
  auto loaded = Detector::load(kModels / "movenet-multipose.onnx", {});
  EXPECT_TRUE(loaded) << loaded.error().message;
  return std::move(loaded).value();
}

std::unique_ptr<SinglePose> thunder() {
  auto loaded = SinglePose::load(kModels / "movenet-thunder-int8.onnx", {});
  EXPECT_TRUE(loaded) << loaded.error().message;
  return std::move(loaded).value();
}

struct Figure {
  cv::Point head, neck, hip, left_foot, right_foot, left_hand, right_hand;
};

// Somebody who stands with feet and hands apart, 240 px tall, the top of the head at (x, y).
Figure standing(int x, int y) {
  return {{x, y + 20},       {x, y + 48},       {x, y + 125},     {x + 40, y + 232},
          {x - 40, y + 232}, {x + 75, y + 105}, {x - 75, y + 105}};
}

void draw(types::Frame& frame, const Figure& f) {
  cv::Mat image(frame.image.height, frame.image.width, CV_8UC3, frame.image.bgr.data());
  const cv::Scalar skin(140, 170, 215), shirt(150, 60, 40), trousers(60, 50, 50), shoes(230, 230, 230);
  for (const auto& foot : {f.left_foot, f.right_foot}) {
    const int side = foot.x > f.hip.x ? 14 : -14;
    cv::line(image, f.hip + cv::Point(side, 0), foot, trousers, 24, cv::LINE_AA);
    cv::ellipse(image, foot + cv::Point(side / 2, 2), {15, 8}, 0, 0, 360, shoes, -1, cv::LINE_AA);
  }
  for (const auto& hand : {f.left_hand, f.right_hand}) {
    const int side = hand.x > f.hip.x ? 24 : -24;
    cv::line(image, f.neck + cv::Point(side, 8), hand, shirt, 17, cv::LINE_AA);
    cv::circle(image, hand, 11, skin, -1, cv::LINE_AA);
  }
  cv::line(image, f.neck + cv::Point(-15, 15), f.hip + cv::Point(-8, 0), shirt, 34, cv::LINE_AA);
  cv::line(image, f.neck + cv::Point(15, 15), f.hip + cv::Point(8, 0), shirt, 34, cv::LINE_AA);
  cv::line(image, f.neck, f.head, skin, 16, cv::LINE_AA);
  cv::ellipse(image, f.head, {17, 22}, 0, 0, 360, skin, -1, cv::LINE_AA);
  cv::ellipse(image, f.head - cv::Point(0, 12), {18, 13}, 0, 180, 360, {30, 40, 60}, -1, cv::LINE_AA);
  for (const int eye : {-6, 6})
    cv::circle(image, f.head + cv::Point(eye, 0), 2, {20, 20, 20}, -1, cv::LINE_AA);
  cv::line(image, f.head + cv::Point(-5, 11), f.head + cv::Point(5, 11), {60, 60, 160}, 2, cv::LINE_AA);
}

types::Frame room(int width, int height) {
  types::Frame frame;
  frame.image = {width, height, types::Bytes(static_cast<std::size_t>(width) * height * 3)};
  cv::Mat image(height, width, CV_8UC3, frame.image.bgr.data());
  image.setTo(cv::Scalar(190, 195, 190));
  image(cv::Rect(0, height * 2 / 3, width, height / 3)).setTo(cv::Scalar(120, 140, 160));
  cv::GaussianBlur(image, image, {0, 0}, 5);
  return frame;
}

double distance(const types::Keypoint& point, const cv::Point& to) {
  return std::hypot(point.x - to.x, point.y - to.y);
}

TEST(Thunder, FindsTheJointsOfADrawnFigure) {
  types::Frame frame = room(1280, 720);
  const Figure figure = standing(500, 300);
  draw(frame, figure);
  const auto pose = thunder()->estimate(frame, {332, 252, 668, 588});
  ASSERT_TRUE(pose) << pose.error().message;
  EXPECT_LT(distance(pose->keypoints[left_ankle], figure.left_foot), 25);
  EXPECT_LT(distance(pose->keypoints[right_ankle], figure.right_foot), 25);
  EXPECT_LT(distance(pose->keypoints[left_wrist], figure.left_hand), 25);
  EXPECT_LT(distance(pose->keypoints[right_wrist], figure.right_hand), 25);
  EXPECT_LT(distance(pose->keypoints[nose], figure.head), 20);
  EXPECT_GT(pose->score, 0.4);
}

TEST(Thunder, IsUnsureWhereNobodyIs) {
  const auto pose = thunder()->estimate(room(1280, 720), {332, 252, 668, 588});
  ASSERT_TRUE(pose);
  EXPECT_LT(pose->score, 0.2);
}

TEST(MultiPose, FindsTwoDrawnFigures) {
  types::Frame frame = room(1280, 720);
  draw(frame, standing(400, 300));
  draw(frame, standing(850, 300));
  const auto poses = multipose()->detect(frame);
  ASSERT_TRUE(poses) << poses.error().message;
  ASSERT_EQ(poses->size(), 2U);
  const bool first_is_left = poses->at(0).box.left < poses->at(1).box.left;
  const types::BoundingBox& left = poses->at(first_is_left ? 0 : 1).box;
  const types::BoundingBox& right = poses->at(first_is_left ? 1 : 0).box;
  EXPECT_NEAR((left.left + left.right) / 2, 400, 20);
  EXPECT_NEAR((right.left + right.right) / 2, 850, 20);
  EXPECT_NEAR(left.top, 300, 30);
  EXPECT_NEAR(left.bottom, 540, 30);
}

// A runtime that reports home has a file for its events open, from the first model that is loaded.
TEST(Models, OpenNothingThatReportsToOthers) {
  const auto detector = multipose();
  namespace fs = std::filesystem;
  std::size_t seen = 0;
  for (const auto& descriptor : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;  // the iterator's own
    const std::string file = fs::read_symlink(descriptor.path(), gone).string();
    ++seen;
    EXPECT_EQ(file.find("Microsoft"), std::string::npos) << file;
    EXPECT_EQ(file.find("mat-debug"), std::string::npos) << file;
  }
  EXPECT_GE(seen, 3U);
}

TEST(MultiPose, FindsNobodyInAnEmptyRoom) {
  const auto poses = multipose()->detect(room(1280, 720));
  ASSERT_TRUE(poses);
  EXPECT_TRUE(poses->empty());
}

}  // namespace
}  // namespace piste::pose
