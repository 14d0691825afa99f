// A camera before a drawn hall: what it is said to have done is what it did.
#include "camera/camera.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <random>
#include <vector>

namespace piste::camera {
namespace {

using types::CameraFrame;
using types::CameraMotion;
using types::Sight;
using types::View;

constexpr int width = 1280;
constexpr int height = 720;
constexpr int around = 400;  // px of the hall beyond the first picture

// Boxes, lines and stains of all sizes on a wall.
cv::Mat hall(unsigned seed) {
  std::mt19937 random(seed);
  const auto some = [&](int low, int high) {
    return low + static_cast<int>(random() % static_cast<unsigned>(high - low));
  };
  cv::Mat picture(height + 2 * around, width + 2 * around, CV_8UC3, cv::Scalar::all(120));
  for (int i = 0; i < 260; ++i) {
    const cv::Point corner(some(0, picture.cols), some(0, picture.rows));
    const cv::Scalar colour(some(30, 220), some(30, 220), some(30, 220));
    cv::rectangle(picture, corner, corner + cv::Point(some(8, 140), some(8, 120)), colour, cv::FILLED);
  }
  cv::GaussianBlur(picture, picture, {}, 1.5);
  return picture;
}

// What the camera sees of it: view is of the first picture in this one.
types::Frame frame(const cv::Mat& scene, std::int64_t number, const View& view = {}, double noise = 2) {
  const View all = types::after(view, {1, 0, -around, -around});
  const cv::Matx23d matrix(all.a, -all.b, all.x, all.b, all.a, all.y);
  cv::Mat picture;
  cv::warpAffine(scene, picture, matrix, {width, height}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  cv::Mat grain(picture.size(), CV_16SC3);
  cv::RNG random(static_cast<std::uint64_t>(number) * 77 + 5);
  random.fill(grain, cv::RNG::NORMAL, 0, noise);
  cv::add(picture, grain, picture, cv::noArray(), CV_8U);
  types::Frame made;
  made.number = number;
  made.image = {width, height, types::Bytes(picture.total() * 3)};
  std::memcpy(made.image.bgr.data(), picture.data, made.image.bgr.size());
  return made;
}

void draw_person(types::Frame& onto, int x, int wide, int tall) {
  cv::Mat picture(height, width, CV_8UC3, onto.image.bgr.data());
  for (int i = 0; i < 12; ++i) {
    const int top = height - 80 - tall + i * tall / 12;
    cv::rectangle(picture, {x + (i % 3) * 9, top, wide, tall / 12}, cv::Scalar::all(120 + 11 * i),
                  cv::FILLED);
  }
}

View view(double zoom, double roll, double x, double y) {
  // About the picture's middle.
  const double a = zoom * std::cos(roll);
  const double b = zoom * std::sin(roll);
  const double cx = width / 2.;
  const double cy = height / 2.;
  return {a, b, cx + x - (a * cx - b * cy), cy + y - (b * cx + a * cy)};
}

// px between where both put the corners of the picture's inner half.
double apart(const View& one, const View& other) {
  double most = 0;
  for (const float x : {320.F, 960.F}) {
    for (const float y : {180.F, 540.F}) {
      const auto a = types::moved(one, {x, y, 1});
      const auto b = types::moved(other, {x, y, 1});
      most = std::max(most, static_cast<double>(std::hypot(a.x - b.x, a.y - b.y)));
    }
  }
  return most;
}

CameraMotion motion_of(const std::vector<types::Frame>& frames, std::vector<types::BoundingBox> people = {}) {
  Camera camera;
  for (const auto& one : frames) camera.look(one, people);
  return camera.motion();
}

TEST(Camera, OneThatStandsIsExactlyStillWhateverTheNoise) {
  const cv::Mat scene = hall(1);
  std::vector<types::Frame> frames;
  for (int i = 0; i < 20; ++i) frames.push_back(frame(scene, i, {}, 6));
  const CameraMotion motion = motion_of(frames);
  ASSERT_EQ(motion.frames.size(), 20u);
  for (const CameraFrame& one : motion.frames) {
    EXPECT_TRUE(one.view.still()) << one.number;
    EXPECT_EQ(one.sight, Sight::seen);
    EXPECT_EQ(one.shot, 0);
    EXPECT_FALSE(one.repeated);
  }
}

TEST(Camera, PanTiltZoomAndRollAreFollowedFarBeyondTheFirstPicture) {
  const cv::Mat scene = hall(2);
  std::vector<types::Frame> frames;
  std::vector<View> truth;
  for (int i = 0; i < 60; ++i) {
    const double t = i / 30.;
    truth.push_back(view(1 + .25 * t / 2, .03 * std::sin(5 * t),
                         -300 * std::sin(1.2 * t) + 5 * std::sin(31 * t),
                         40 * std::sin(2 * t) + 4 * std::cos(40 * t)));
    if (i == 0) truth.back() = {};
    frames.push_back(frame(scene, i, truth.back()));
  }
  const CameraMotion motion = motion_of(frames);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(motion.frames[i].sight, Sight::seen) << i;
    EXPECT_LT(apart(motion.frames[i].view, truth[i]), 2.5) << i;
  }
  const View step = types::after(motion.frames[40].view, types::inverse(motion.frames[39].view));
  EXPECT_LT(apart(step, types::after(truth[40], types::inverse(truth[39]))), .25);
}

TEST(Camera, PeopleWhoMoveAreNotTheBackgroundMarkedOrNot) {
  const cv::Mat scene = hall(3);
  for (const bool marked : {true, false}) {
    Camera camera;
    for (int i = 0; i < 24; ++i) {
      types::Frame one = frame(scene, i, view(1, 0, -4. * i, 0));
      const int x = 200 + 12 * i;
      draw_person(one, x, 150, 420);
      draw_person(one, 1000 - 10 * i, 150, 400);
      std::vector<types::BoundingBox> people;
      if (marked) {
        const auto left = static_cast<float>(x);
        const auto right = static_cast<float>(1000 - 10 * i);
        people = {{left, 220, left + 170, 640}, {right, 240, right + 170, 640}};
      }
      camera.look(one, people);
    }
    const auto motion = camera.motion();
    for (std::size_t i = 0; i < motion.frames.size(); ++i)
      EXPECT_LT(apart(motion.frames[i].view, view(1, 0, -4. * static_cast<double>(i), 0)), 1) << marked << i;
  }
}

TEST(Camera, AFastSwingIsFollowed) {
  const cv::Mat scene = hall(4);
  std::vector<types::Frame> frames;
  std::vector<double> at{0, 0, -10, -60, -160, -240, -300, -320, -320};
  for (std::size_t i = 0; i < at.size(); ++i)
    frames.push_back(frame(scene, static_cast<std::int64_t>(i), view(1, 0, at[i], 0)));
  const auto motion = motion_of(frames);
  for (std::size_t i = 0; i < at.size(); ++i)
    EXPECT_LT(apart(motion.frames[i].view, view(1, 0, at[i], 0)), 1.5) << i;
  EXPECT_EQ(motion.frames.back().shot, 0);
}

TEST(Camera, ACutIsFoundInItsPlace) {
  const cv::Mat first = hall(5);
  const cv::Mat second = hall(6);
  std::vector<types::Frame> frames;
  for (int i = 0; i < 20; ++i) frames.push_back(frame(i < 11 ? first : second, i));
  const auto motion = motion_of(frames);
  for (const CameraFrame& one : motion.frames) EXPECT_EQ(one.shot, one.number < 11 ? 0 : 1) << one.number;
}

TEST(Camera, AFlashIsNoCut) {
  const cv::Mat scene = hall(7);
  const cv::Mat flash = hall(8);
  std::vector<types::Frame> frames;
  for (int i = 0; i < 20; ++i)
    frames.push_back(frame(i == 8 || i == 9 ? flash : scene, i, view(1, 0, -3. * i, 0)));
  const auto motion = motion_of(frames);
  for (const CameraFrame& one : motion.frames) {
    EXPECT_EQ(one.shot, 0) << one.number;
    EXPECT_EQ(one.sight, one.number == 8 || one.number == 9 ? Sight::lost : Sight::seen) << one.number;
    EXPECT_LT(apart(one.view, view(1, 0, -3. * static_cast<double>(one.number), 0)), 1.5) << one.number;
  }
}

TEST(Camera, BlackAndRepeatedPicturesAreSaid) {
  const cv::Mat scene = hall(9);
  const cv::Mat black(scene.size(), CV_8UC3, cv::Scalar::all(3));
  std::vector<types::Frame> frames;
  for (int i = 0; i < 20; ++i) {
    frames.push_back(frame(i >= 5 && i < 8 ? black : scene, i));
    if (i >= 12 && i < 15) frames.back().image = frames[11].image;
  }
  const auto motion = motion_of(frames);
  for (const CameraFrame& one : motion.frames) {
    EXPECT_EQ(one.sight, one.number >= 5 && one.number < 8 ? Sight::black : Sight::seen) << one.number;
    EXPECT_EQ(one.repeated, one.number >= 12 && one.number < 15) << one.number;
    EXPECT_EQ(one.shot, 0);
  }
}

// A coder leaves out what does not change, and its key pictures move all a little.
TEST(Camera, ACoderThatRepeatsWhatStandsStillHoldsNothingUp) {
  const cv::Mat scene = hall(11);
  std::vector<types::Frame> frames;
  for (int i = 0; i < 40; ++i) {
    const double jolt = i >= 20 ? .9 : 0;  // px of 1280: of the second key picture
    frames.push_back(frame(scene, i, view(1.0004, 0, jolt, -jolt), 0));
    if (i >= 10 && i < 30) continue;  // nobody moves
    draw_person(frames.back(), 200 + 9 * i, 150, 420);
  }
  const auto motion = motion_of(frames);
  for (const CameraFrame& one : motion.frames) {
    EXPECT_FALSE(one.repeated && one.number < 11) << one.number;
    EXPECT_TRUE(one.view.still()) << one.number;
  }
}

// The stream was held up while they hardly moved, and went on in the middle of the action.
TEST(Camera, APictureThatIsHeldUpBeforeTheActionIsRepeated) {
  const cv::Mat scene = hall(13);
  std::vector<types::Frame> frames;
  for (int i = 0; i < 28; ++i) {
    const int shown = i >= 6 && i < 17 ? 5 : i;
    frames.push_back(frame(scene, i));
    draw_person(frames.back(), shown < 10 ? 200 + 3 * (shown % 2) : 200 + 9 * (shown - 10), 150, 420);
    if (shown != i) frames.back().image = frames[5].image;
  }
  for (const CameraFrame& one : motion_of(frames).frames)
    EXPECT_EQ(one.repeated, one.number >= 6 && one.number < 17) << one.number;
}

// Somebody walks by: one picture of so many is real, and those between are blended of the real ones.
CameraMotion walked_by(int factor, int step) {
  constexpr int count = 28;
  const cv::Mat scene = hall(12);
  std::vector<types::Frame> real;
  for (int i = 0; i <= count / factor; ++i) {
    real.push_back(frame(scene, i));
    draw_person(real.back(), 100 + step * i, 150, 420);
  }
  const auto pixels = [](types::Frame& one) { return cv::Mat(height, width, CV_8UC3, one.image.bgr.data()); };
  std::vector<types::Frame> frames;
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i / factor);
    types::Frame& shown = frames.emplace_back(real[at]);
    shown.number = i;
    const double share = static_cast<double>(i % factor) / factor;
    if (share > 0)
      cv::addWeighted(pixels(real[at]), 1 - share, pixels(real[at + 1]), share, 0, pixels(shown));
  }
  return motion_of(frames);
}

TEST(Camera, BlendedPicturesAreSaid) {
  for (const int factor : {2, 4}) {
    for (const CameraFrame& one : walked_by(factor, 20).frames)
      EXPECT_EQ(one.blended, one.number % factor != 0) << factor << " " << one.number;
  }
  for (const int step : {3, 20}) {
    for (const CameraFrame& one : walked_by(1, step).frames) EXPECT_FALSE(one.blended) << step;
  }
}

TEST(Camera, WhereNothingCanBeHeldOnToItSaysSo) {
  const cv::Mat grey(height + 2 * around, width + 2 * around, CV_8UC3, cv::Scalar::all(120));
  std::vector<types::Frame> frames;
  for (int i = 0; i < 6; ++i) frames.push_back(frame(grey, i));
  for (const CameraFrame& one : motion_of(frames).frames) {
    EXPECT_EQ(one.sight, Sight::lost);
    EXPECT_TRUE(one.view.still());
  }
}

TEST(Camera, APictureThatComesLateFindsItsPlace) {
  const cv::Mat scene = hall(10);
  Camera camera;
  for (const int number : {0, 1, 2, 4, 5, 6, 3, 7})
    camera.look(frame(scene, number, view(1, 0, -6. * number, 0)), {});
  const auto motion = camera.motion();
  ASSERT_EQ(motion.frames.size(), 8u);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(motion.frames[i].number, static_cast<std::int64_t>(i));
    EXPECT_LT(apart(motion.frames[i].view, view(1, 0, -6. * static_cast<double>(i), 0)), 1) << i;
  }
}

}  // namespace
}  // namespace piste::camera
