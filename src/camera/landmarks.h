// Patches of a picture by which others are laid upon it: where there is something to hold on to, spread over
// the picture, outside the people.
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

#include "camera/pyramid.h"

namespace piste::camera {

constexpr int patch_side = 8;  // px, at every level
constexpr std::size_t patch_pixels = patch_side * patch_side;

struct Patch {
  std::array<float, patch_pixels> values;  // about their mean
  std::array<float, patch_pixels> gx;      // likewise
  std::array<float, patch_pixels> gy;
  float power = 0;  // sum of the squared values
  float xx = 0;     // sums of the gradients' products
  float xy = 0;
  float yy = 0;
  float vx = 0;  // sums of values times gradients
  float vy = 0;
};

struct Landmark {
  cv::Point2f at;  // of level 0
  std::array<Patch, levels> patches;
};

// people: in pixels of level 0.
std::vector<Landmark> find_landmarks(const Pyramid& picture, std::span<const cv::Rect2f> people);

// Bilinear. Precondition: inside(picture, x, y).
inline float sample(const cv::Mat& picture, float x, float y) {
  const int left = static_cast<int>(x);
  const int top = static_cast<int>(y);
  const float u = x - static_cast<float>(left);
  const float v = y - static_cast<float>(top);
  const float* upper = picture.ptr<float>(top) + left;
  const float* lower = picture.ptr<float>(top + 1) + left;
  const float above = upper[0] + u * (upper[1] - upper[0]);
  const float below = lower[0] + u * (lower[1] - lower[0]);
  return above + v * (below - above);
}

inline bool inside(const cv::Mat& picture, float x, float y, float margin) {
  return x >= margin && y >= margin && x < static_cast<float>(picture.cols - 1) - margin &&
         y < static_cast<float>(picture.rows - 1) - margin;
}

}  // namespace piste::camera
