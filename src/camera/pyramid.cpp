#include "camera/pyramid.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace piste::camera {
namespace {

constexpr double softness = .8;  // px: bilinear samples of a smooth picture are true between the pixels

// The mean of step x step pixels, all three colours alike: rows first, which goes many bytes at a time.
cv::Mat small_grey(const types::Image& image, int step) {
  const int width = image.width / step;
  const int height = image.height / step;
  const std::size_t row = static_cast<std::size_t>(image.width) * 3;
  const int across = 3 * step;
  const float share = 1.F / static_cast<float>(across * step);
  cv::Mat small(height, width, CV_32F);
  std::vector<std::uint16_t> sums(row);
  for (int y = 0; y < height; ++y) {
    std::fill(sums.begin(), sums.end(), std::uint16_t{0});
    for (int i = 0; i < step; ++i) {
      const std::uint8_t* bytes = image.bgr.data() + static_cast<std::size_t>(y * step + i) * row;
      for (std::size_t x = 0; x < row; ++x) sums[x] = static_cast<std::uint16_t>(sums[x] + bytes[x]);
    }
    auto* out = small.ptr<float>(y);
    const std::uint16_t* in = sums.data();
    for (int x = 0; x < width; ++x, in += across) {
      std::uint32_t sum = 0;
      for (int i = 0; i < across; ++i) sum += in[i];
      out[x] = static_cast<float>(sum) * share;
    }
  }
  return small;
}

}  // namespace

Pyramid make_pyramid(const types::Image& image) {
  Pyramid pyramid;
  const int longer = std::max(image.width, image.height);
  pyramid.step = std::clamp(static_cast<int>(std::lround(static_cast<double>(longer) / base_size)), 1,
                            std::max(1, std::min(image.width, image.height)));
  const cv::Mat grey = small_grey(image, pyramid.step);
  cv::GaussianBlur(grey, pyramid.level[0], {3, 3}, softness);
  for (std::size_t i = 1; i < levels; ++i) cv::pyrDown(pyramid.level[i - 1], pyramid.level[i]);
  return pyramid;
}

}  // namespace piste::camera
