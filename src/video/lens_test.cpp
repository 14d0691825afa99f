#include "video/lens.h"

#include <gtest/gtest.h>

#include <cmath>

#include "video/test_pictures.h"

namespace piste::video {
namespace {

using namespace test;

Lens wide() {
  return {1280, 720, 700, 700, 640, 360, {-.05, .01, -.002, .0003}};
}

// The model itself, forwards: where a point of the straight picture is seen through the lens.
std::pair<double, double> bent(const Lens& lens, double x, double y) {
  const double a = (x - lens.cx) / lens.fx, b = (y - lens.cy) / lens.fy, r = std::hypot(a, b);
  const double t = std::atan(r), t2 = t * t;
  const double seen = t * (1 + t2 * (lens.k[0] + t2 * (lens.k[1] + t2 * (lens.k[2] + t2 * lens.k[3]))));
  const double scale = r > 0 ? seen / r : 1;
  return {lens.fx * a * scale + lens.cx, lens.fy * b * scale + lens.cy};
}

TEST(Lens, PointsGoBackWhereTheyWouldBeWithoutDistortion) {
  types::Keypoints points{};
  const double x = 1100, y = 600;
  const auto [u, v] = bent(wide(), x, y);
  ASSERT_GT(std::hypot(u - x, v - y), 20);
  points[0] = {static_cast<float>(u), static_cast<float>(v), .7f};
  points[1] = {640, 360, .5f};
  undistort(wide(), 1280, 720, points);
  EXPECT_NEAR(points[0].x, x, .05);
  EXPECT_NEAR(points[0].y, y, .05);
  EXPECT_EQ(points[0].score, .7f);
  EXPECT_NEAR(points[1].x, 640, .01);
  EXPECT_EQ(points[2].score, 0);
  EXPECT_EQ(points[2].x, 0);
}

TEST(Lens, IsScaledToThePicture) {
  const auto [u, v] = bent(wide(), 1000, 200);
  types::Keypoints points{};
  points[0] = {static_cast<float>(u * 1.5), static_cast<float>(v * 1.5), 1};
  undistort(wide(), 1920, 1080, points);
  EXPECT_NEAR(points[0].x, 1500, .1);
  EXPECT_NEAR(points[0].y, 300, .1);
}

TEST(Lens, WithoutDistortionFarOutNothingIsKnown) {
  types::Keypoints points{};
  points[0] = {1e7f, -1e7f, 1};
  undistort(wide(), 1280, 720, points);
  EXPECT_EQ(points[0].score, 0);
}

TEST(Lens, PictureAndPointsAgree) {
  const Lens lens{320, 180, 175, 175, 160, 90, wide().k};
  auto image = plain(320, 180, 0, 0, 0);
  const auto [u, v] = bent(lens, 270, 150);
  const int px = static_cast<int>(std::lround(u)), py = static_cast<int>(std::lround(v));
  for (int y = py - 2; y <= py + 2; ++y) {
    for (int x = px - 2; x <= px + 2; ++x) image.bgr[static_cast<std::size_t>((y * 320 + x) * 3 + 1)] = 255;
  }
  for (int round = 0; round < 2; ++round) {  // the second uses the maps that the first one made
    const auto straight = undistort(lens, image);
    ASSERT_EQ(straight.width, 320);
    EXPECT_GT(straight.bgr[(150 * 320 + 270) * 3 + 1], 200);
    EXPECT_EQ(straight.bgr[static_cast<std::size_t>((py * 320 + px) * 3 + 1)], 0);
  }
}

TEST(Lens, FilesAreCheckedField) {
  TempDir directory;
  const auto path = directory / "lens.json";
  const auto read = [&](const std::string& text) {
    test::write_file(path, text);
    return read_lens(path);
  };
  const auto lens =
      read(R"({"width":1280,"height":720,"fx":700.5,"fy":701,"cx":640,"cy":360,"k":[-0.05,0.01,-0.002,0]})");
  ASSERT_TRUE(lens.ok()) << lens.error().message;
  EXPECT_EQ(lens->width, 1280);
  EXPECT_EQ(lens->fx, 700.5);
  EXPECT_EQ(lens->k[1], .01);
  for (const char* text :
       {"", "[]", "{", R"({"width":1280})",
        R"({"width":0,"height":720,"fx":700,"fy":701,"cx":640,"cy":360,"k":[0,0,0,0]})",
        R"({"width":1e300,"height":720,"fx":700,"fy":701,"cx":640,"cy":360,"k":[0,0,0,0]})",
        R"({"width":1280,"height":720,"fx":-1,"fy":701,"cx":640,"cy":360,"k":[0,0,0,0]})",
        R"({"width":1280,"height":720,"fx":700,"fy":701,"cx":"a","cy":360,"k":[0,0,0,0]})",
        R"({"width":1280,"height":720,"fx":700,"fy":701,"cx":640,"cy":360,"k":[0,0,0]})",
        R"({"width":1280,"height":720,"fx":700,"fy":701,"cx":640,"cy":360,"k":[0,0,0,null]})"}) {
    const auto wrong = read(text);
    ASSERT_FALSE(wrong.ok()) << text;
    EXPECT_EQ(wrong.error().code, ErrorCode::unreadable);
  }
  EXPECT_EQ(read_lens(directory / "absent.json").error().code, ErrorCode::io);
}

}  // namespace
}  // namespace piste::video
