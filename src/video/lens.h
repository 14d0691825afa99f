// OpenCV's fisheye lens model (Kannala-Brandt): camera matrix fx, fy, cx, cy and k1..k4, measured for one
// picture size and scaled to others of the same shape.
#pragma once

#include <array>
#include <filesystem>

#include "types/frame.h"
#include "types/pose.h"
#include "video/error.h"

namespace piste::video {

struct Lens {
  int width = 0;
  int height = 0;
  double fx = 0, fy = 0, cx = 0, cy = 0;
  std::array<double, 4> k{};
};

// JSON: {"width":W,"height":H,"fx":..,"fy":..,"cx":..,"cy":..,"k":[k1,k2,k3,k4]} in pixels.
Result<Lens> read_lens(const std::filesystem::path& path);

// Where the points would be in a picture without distortion, same camera matrix, in pixels of a width x
// height picture.
void undistort(const Lens& lens, int width, int height, types::Keypoints& points);

// The whole picture, for people to look at.
types::Image undistort(const Lens& lens, const types::Image& image);

}  // namespace piste::video
