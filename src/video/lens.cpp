#include "video/lens.h"

#include <boost/json.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "video/limits.h"

namespace piste::video {
namespace {

constexpr std::size_t max_file_size = 1 << 16;

Error wrong(const std::string& what) {
  return {ErrorCode::unreadable, "not a lens file: " + what};
}

cv::Matx33d camera_matrix(const Lens& lens, int width, int height) {
  const double sx = static_cast<double>(width) / lens.width, sy = static_cast<double>(height) / lens.height;
  return {lens.fx * sx, 0, lens.cx * sx, 0, lens.fy * sy, lens.cy * sy, 0, 0, 1};
}

cv::Vec4d distortion(const Lens& lens) {
  return {lens.k[0], lens.k[1], lens.k[2], lens.k[3]};
}

bool is_same(const Lens& a, const Lens& b) {
  return a.width == b.width && a.height == b.height && a.fx == b.fx && a.fy == b.fy && a.cx == b.cx &&
         a.cy == b.cy && a.k == b.k;
}

// Where each pixel of the straightened picture comes from; made once for a lens and size, which change
// rarely.
struct Maps {
  Lens lens;
  int width = 0;
  int height = 0;
  cv::Mat whole, fraction;

  void prepare(const Lens& wanted, int w, int h) {
    if (w == width && h == height && is_same(wanted, lens)) return;
    const auto matrix = camera_matrix(wanted, w, h);
    cv::fisheye::initUndistortRectifyMap(matrix, distortion(wanted), cv::Matx33d::eye(), matrix, {w, h},
                                         CV_16SC2, whole, fraction);
    lens = wanted;
    width = w;
    height = h;
  }
};

// A finite number of the object, or NaN.
double number(const boost::json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  boost::system::error_code failure;
  const double result = value ? value->to_number<double>(failure) : NAN;
  return failure || !std::isfinite(result) ? NAN : result;
}

Result<Lens> parse_lens(const boost::json::object& object) {
  const double width = number(object, "width"), height = number(object, "height");
  if (!(width >= 1 && height >= 1 &&
        is_reasonable_size(static_cast<std::int64_t>(std::min(width, 1e9)),
                           static_cast<std::int64_t>(std::min(height, 1e9))))) {
    return wrong("width and height must be those of a picture in pixels");
  }
  Lens lens{static_cast<int>(width),
            static_cast<int>(height),
            number(object, "fx"),
            number(object, "fy"),
            number(object, "cx"),
            number(object, "cy"),
            {}};
  if (!(lens.fx > 0 && lens.fy > 0)) return wrong("fx and fy must be positive numbers");
  if (std::isnan(lens.cx) || std::isnan(lens.cy)) return wrong("cx and cy must be numbers");
  const auto* k = object.if_contains("k");
  if (!k || !k->is_array() || k->as_array().size() != lens.k.size()) return wrong("k must be four numbers");
  for (std::size_t i = 0; i < lens.k.size(); ++i) {
    boost::system::error_code failure;
    lens.k[i] = k->as_array()[i].to_number<double>(failure);
    if (failure || !std::isfinite(lens.k[i])) return wrong("k must be four numbers");
  }
  return lens;
}

}  // namespace

Result<Lens> read_lens(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::io, "the file cannot be opened"};
  std::string text(max_file_size, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  boost::system::error_code failure;
  const auto value = boost::json::parse(text, failure);
  if (failure || !value.is_object()) return wrong("it must be a JSON object");
  return parse_lens(value.as_object());
}

void undistort(const Lens& lens, int width, int height, types::Keypoints& points) {
  std::vector<cv::Point2d> bent, straight;
  for (const auto& point : points) bent.emplace_back(point.x, point.y);
  const auto matrix = camera_matrix(lens, width, height);
  cv::fisheye::undistortPoints(bent, straight, matrix, distortion(lens), cv::noArray(), matrix);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].score <= 0) continue;
    const auto x = static_cast<float>(straight[i].x), y = static_cast<float>(straight[i].y);
    // Far outside the field for which the lens was measured there is no answer; OpenCV says so with -1e6
    // units.
    const bool known = std::isfinite(x) && std::isfinite(y) && std::abs(x) < 1e5f && std::abs(y) < 1e5f;
    points[i] = known ? types::Keypoint{x, y, points[i].score} : types::Keypoint{};
  }
}

types::Image undistort(const Lens& lens, const types::Image& image) {
  thread_local Maps maps;
  maps.prepare(lens, image.width, image.height);
  types::Image straight{image.width, image.height, types::Bytes(image.bgr.size())};
  const cv::Mat source(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.bgr.data()));
  cv::Mat target(image.height, image.width, CV_8UC3, straight.bgr.data());
  cv::remap(source, target, maps.whole, maps.fraction, cv::INTER_LINEAR, cv::BORDER_CONSTANT);
  return straight;
}

}  // namespace piste::video
