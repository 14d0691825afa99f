#include "pose/clothes.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace piste::pose {
namespace {

using namespace types::joint;

// In a picture half as large as the frame: a trunk of one colour above legs of another.
types::Frame dressed() {
  types::Frame frame;
  frame.scale = .5;
  frame.image = {200, 200, types::Bytes(200 * 200 * 3, 90)};
  cv::Mat image(200, 200, CV_8UC3, frame.image.bgr.data());
  cv::rectangle(image, {80, 40}, {120, 99}, {230, 220, 210}, -1);
  cv::rectangle(image, {80, 101}, {120, 190}, {30, 20, 10}, -1);
  return frame;
}

types::Keypoints body(float x) {
  types::Keypoints points{};
  const auto put = [&](Index joint, float dx, float y) { points[joint] = {x + dx, y, .9F}; };
  put(left_shoulder, 20, 90);
  put(right_shoulder, -20, 90);
  put(left_hip, 15, 200);
  put(right_hip, -15, 200);
  put(left_knee, 15, 290);
  put(right_knee, -15, 290);
  return points;
}

TEST(Clothes, AreThoseOfTrunkAndLegs) {
  const auto clothes = clothes_of(dressed(), body(200));
  ASSERT_TRUE(clothes);
  EXPECT_NEAR(clothes->trunk[0], 230 / 255., .01);
  EXPECT_NEAR(clothes->trunk[2], 210 / 255., .01);
  EXPECT_NEAR(clothes->legs[0], 30 / 255., .01);
  EXPECT_NEAR(clothes->legs[2], 10 / 255., .01);
}

TEST(Clothes, AreNotKnownOutsideThePictureNorOfWhatIsNotSeen) {
  EXPECT_FALSE(clothes_of(dressed(), body(-500)));
  EXPECT_FALSE(clothes_of(dressed(), body(1e30F)));
  types::Keypoints hidden = body(200);
  hidden[left_knee].score = 0;
  EXPECT_FALSE(clothes_of(dressed(), hidden));
  types::Frame torn = dressed();
  torn.image.bgr.pop_back();
  EXPECT_FALSE(clothes_of(torn, body(200)));
}

}  // namespace
}  // namespace piste::pose
