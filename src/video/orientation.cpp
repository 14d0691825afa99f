#include "video/orientation.h"

#include <cstdlib>
#include <opencv2/core.hpp>

namespace piste::video {

Orientation orientation_of_matrix(const std::int32_t* m) {
  // x' = m[0] x + m[3] y, y' = m[1] x + m[4] y; translations only bring the picture back to the origin.
  const auto size = [](std::int32_t value) { return std::abs(static_cast<std::int64_t>(value)); };
  if (size(m[0]) + size(m[4]) >= size(m[1]) + size(m[3])) return {false, m[0] < 0, m[4] < 0};
  return {true, m[3] < 0, m[1] < 0};
}

types::Image turned(types::Image image, Orientation orientation) {
  if (orientation.is_upright()) return image;
  const cv::Mat source(image.height, image.width, CV_8UC3, image.bgr.data());
  types::Image upright{image.width, image.height, types::Bytes(image.bgr.size())};
  if (orientation.transpose) std::swap(upright.width, upright.height);
  cv::Mat target(upright.height, upright.width, CV_8UC3, upright.bgr.data());
  const int axes = orientation.flip_x && orientation.flip_y ? -1 : orientation.flip_x ? 1 : 0;
  if (!orientation.transpose) {
    cv::flip(source, target, axes);
    return upright;
  }
  cv::transpose(source, target);
  if (orientation.flip_x || orientation.flip_y)
    cv::flip(target, target, axes);  // in place, as cv::rotate does
  return upright;
}

}  // namespace piste::video
