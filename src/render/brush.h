// Draws flat shapes in metres: x from the middle of the picture, y up from the line on which the fencers
// stand.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <random>
#include <vector>

#include "render/view.h"

namespace piste::render {

// Borrows the picture and the view.
class Brush {
 public:
  Brush(cv::Mat& picture, const View& view, std::uint64_t seed);

  double half_width() const;  // of the picture
  double top() const;         // above the picture's upper edge

  double some(double low, double high);  // the next number at random
  cv::Scalar some_colour(const cv::Scalar& low, const cv::Scalar& high);

  cv::Point2d at(double x, double y) const;  // in pixels

  void polygon(const std::vector<cv::Point2d>& corners, const cv::Scalar& fill);
  void box(double left, double bottom, double right, double top_edge, const cv::Scalar& fill);
  void line(double x1, double y1, double x2, double y2, double thickness, const cv::Scalar& ink);
  void disc(double x, double y, double radius, const cv::Scalar& fill);

 private:
  cv::Mat& picture_;
  const View& view_;
  std::mt19937_64 random_;
};

}  // namespace piste::render
