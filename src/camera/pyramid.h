// A picture made small and grey, at three sizes: what the camera's motion is measured on.
#pragma once

#include <array>
#include <opencv2/core.hpp>

#include "types/frame.h"

namespace piste::camera {

constexpr int levels = 3;
constexpr int base_size = 320;  // about: pixels of the longer side of the largest level

struct Pyramid {
  std::array<cv::Mat, levels> level;  // CV_32F, each half of the one before; level 0 is the largest
  int step = 1;                       // image pixels in one of level 0

  const cv::Mat& base() const { return level[0]; }
};

Pyramid make_pyramid(const types::Image& image);

}  // namespace piste::camera
