#include "pose/framing.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

namespace piste::pose {

namespace {

// Read only: cv::Mat knows no const data.
cv::Mat view(const types::Image& image) {
  return cv::Mat(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.bgr.data()));
}

// Bilinear alone would skip pixels when it shrinks a picture to less than half. Halving first is the quick
// way: OpenCV averages 2 x 2 pixels much faster than areas of any other size.
cv::Mat resized(cv::Mat source, cv::Size size) {
  const auto is_double = [&] { return source.cols >= 2 * size.width && source.rows >= 2 * size.height; };
  cv::Mat result;
  while (is_double() && source.cols % 2 == 0 && source.rows % 2 == 0) {
    cv::resize(source, result, source.size() / 2, 0, 0, cv::INTER_AREA);
    source = std::exchange(result, cv::Mat());
  }
  cv::resize(source, result, size, 0, 0, is_double() ? cv::INTER_AREA : cv::INTER_LINEAR);
  return result;
}

cv::Mat to_rgb(const cv::Mat& bgr) {
  cv::Mat rgb;
  cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
  return rgb;
}

// The square as a picture of its own, black where it reaches over the edge.
cv::Mat cut(const cv::Mat& image, const cv::Rect& square) {
  const cv::Rect inside = square & cv::Rect(0, 0, image.cols, image.rows);
  if (inside == square) return image(square);
  cv::Mat padded(square.size(), image.type(), cv::Scalar::all(0));
  if (!inside.empty()) image(inside).copyTo(padded(inside - square.tl()));
  return padded;
}

}  // namespace

bool is_sound(const types::Image& image) {
  return image.width > 0 && image.height > 0 &&
         image.bgr.size() ==
             static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 3;
}

FramedImage letterbox(const types::Frame& frame, int width, int height, std::uint8_t shade) {
  const cv::Mat image = view(frame.image);
  const double ratio =
      std::min(static_cast<double>(width) / image.cols, static_cast<double>(height) / image.rows);
  const cv::Size content(std::clamp(static_cast<int>(std::lround(image.cols * ratio)), 1, width),
                         std::clamp(static_cast<int>(std::lround(image.rows * ratio)), 1, height));
  const cv::Point corner((width - content.width) / 2, (height - content.height) / 2);

  cv::Mat boxed(height, width, CV_8UC3, cv::Scalar::all(shade));
  resized(image, content).copyTo(boxed(cv::Rect(corner, content)));

  const auto factor = static_cast<float>(1 / (ratio * frame.scale));
  return {to_rgb(boxed), {factor, -factor * corner.x, -factor * corner.y}};
}

bool is_usable(const types::Frame& frame, const types::BoundingBox& crop) {
  const double longest = 8.0 * std::max(frame.image.width, frame.image.height) / frame.scale;
  const auto near = [&](float value) { return std::abs(value) <= longest; };  // false for NaN too
  return near(crop.left) && near(crop.top) && near(crop.right) && near(crop.bottom) && crop.width() > 0 &&
         crop.height() > 0;
}

FramedImage cut_square(const types::Frame& frame, const types::BoundingBox& crop, int size) {
  const double side = std::max(crop.width(), crop.height()) * frame.scale;
  const double center_x = (crop.left + crop.right) / 2.0 * frame.scale;
  const double center_y = (crop.top + crop.bottom) / 2.0 * frame.scale;
  // Whole pixels: the framing is exact, and the cut is a view where it is inside the frame.
  const int pixels = std::max(static_cast<int>(std::lround(side)), 1);
  const cv::Rect square(static_cast<int>(std::lround(center_x - side / 2)),
                        static_cast<int>(std::lround(center_y - side / 2)), pixels, pixels);

  const auto scale = static_cast<float>(frame.scale);
  return {to_rgb(resized(cut(view(frame.image), square), {size, size})),
          {static_cast<float>(pixels) / (static_cast<float>(size) * scale),
           static_cast<float>(square.x) / scale, static_cast<float>(square.y) / scale}};
}

std::vector<std::uint8_t> interleaved_bytes(const cv::Mat& rgb) {
  return {rgb.datastart, rgb.dataend};
}

std::vector<std::int32_t> interleaved_ints(const cv::Mat& rgb) {
  return {rgb.datastart, rgb.dataend};
}

std::vector<float> planar_floats(const cv::Mat& rgb) {
  const std::size_t plane = rgb.total();
  std::vector<float> values(3 * plane);
  const std::uint8_t* pixel = rgb.data;
  for (std::size_t i = 0; i < plane; ++i, pixel += 3) {
    values[i] = pixel[0] / 255.0F;
    values[plane + i] = pixel[1] / 255.0F;
    values[2 * plane + i] = pixel[2] / 255.0F;
  }
  return values;
}

}  // namespace piste::pose
