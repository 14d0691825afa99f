#include "render/brush.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace piste::render {
namespace {

constexpr int fraction_bits = 4;  // of the coordinates that OpenCV draws with

}  // namespace

Brush::Brush(cv::Mat& picture, const View& view, std::uint64_t seed)
    : picture_(picture), view_(view), random_(seed * 0x9E3779B97F4A7C15ULL + 7) {}

double Brush::half_width() const {
  return view_.width / view_.metre / 2;
}

double Brush::top() const {
  return view_.floor.y / view_.metre + .5;
}

double Brush::some(double low, double high) {
  return low + (high - low) * static_cast<double>(random_() >> 11U) * 0x1p-53;
}

cv::Scalar Brush::some_colour(const cv::Scalar& low, const cv::Scalar& high) {
  cv::Scalar result;
  for (int c = 0; c < 3; ++c) result[c] = some(low[c], high[c]);
  return result;
}

cv::Point2d Brush::at(double x, double y) const {
  const double px = view_.width / 2.0 + x * view_.metre;
  return {px, view_.floor_at(px) - y * view_.metre};
}

void Brush::polygon(const std::vector<cv::Point2d>& corners, const cv::Scalar& fill) {
  std::vector<cv::Point> points;
  for (const cv::Point2d& corner : corners) {
    const cv::Point2d p = at(corner.x, corner.y) * (1 << fraction_bits);
    points.emplace_back(cvRound(p.x), cvRound(p.y));
  }
  cv::fillPoly(picture_, std::vector<std::vector<cv::Point>>{points}, fill, cv::LINE_AA, fraction_bits);
}

void Brush::box(double left, double bottom, double right, double top_edge, const cv::Scalar& fill) {
  polygon({{left, bottom}, {right, bottom}, {right, top_edge}, {left, top_edge}}, fill);
}

void Brush::line(double x1, double y1, double x2, double y2, double thickness, const cv::Scalar& ink) {
  const double dx = x2 - x1;
  const double dy = y2 - y1;
  const double k = thickness / 2 / std::max(std::hypot(dx, dy), 1e-9);
  const cv::Point2d aside{dy * k, -dx * k};
  const cv::Point2d from{x1, y1};
  const cv::Point2d to{x2, y2};
  polygon({from - aside, to - aside, to + aside, from + aside}, ink);
}

void Brush::disc(double x, double y, double radius, const cv::Scalar& fill) {
  std::vector<cv::Point2d> rim;
  for (int i = 0; i < 40; ++i) {
    const double angle = i * CV_2PI / 40;
    rim.emplace_back(x + radius * std::cos(angle), y + radius * std::sin(angle));
  }
  polygon(rim, fill);
}

}  // namespace piste::render
