#include "video/lens.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>

#include "video/limits.h"

namespace piste::video {
namespace {

constexpr std::size_t max_file_size = 1 << 16;

Error wrong(const std::string& what) {
  return {ErrorCode::unreadable, "not a lens file: " + what};
}

// The lens for a picture of this size.
Lens scaled(const Lens& lens, int width, int height) {
  const double sx = static_cast<double>(width) / lens.width, sy = static_cast<double>(height) / lens.height;
  return {width, height, lens.fx * sx, lens.fy * sy, lens.cx * sx, lens.cy * sy, lens.k};
}

// Kannala and Brandt's model, as in OpenCV's cv::fisheye, whose package needs a hundred others: a ray that
// comes in at the angle theta is seen as if at bent(theta).
double bent(const Lens& lens, double theta) {
  const double t2 = theta * theta;
  return theta * (1 + t2 * (lens.k[0] + t2 * (lens.k[1] + t2 * (lens.k[2] + t2 * lens.k[3]))));
}

double bent_slope(const Lens& lens, double theta) {
  const double t2 = theta * theta;
  return 1 + t2 * (3 * lens.k[0] + t2 * (5 * lens.k[1] + t2 * (7 * lens.k[2] + t2 * 9 * lens.k[3])));
}

// The angle that is seen as this one, by Newton's method; nullopt where the model has none.
std::optional<double> straight_angle(const Lens& lens, double seen) {
  double theta = seen;
  for (int round = 0; round < 10; ++round) {
    const double step = (bent(lens, theta) - seen) / bent_slope(lens, theta);
    theta -= step;
    if (std::abs(step) < 1e-8) return theta >= 0 ? std::optional(theta) : std::nullopt;
  }
  return std::nullopt;
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
    const Lens here = scaled(wanted, w, h);
    whole.create(h, w, CV_16SC2);
    fraction.create(h, w, CV_16UC1);
    constexpr int parts = cv::INTER_TAB_SIZE;  // of a pixel, as cv::remap takes them
    for (int row = 0; row < h; ++row) {
      for (int column = 0; column < w; ++column) {
        const double x = (column - here.cx) / here.fx, y = (row - here.cy) / here.fy;
        const double radius = std::sqrt(x * x + y * y);
        const double scale = radius > 0 ? bent(here, std::atan(radius)) / radius : 1;
        const int from_x = cv::saturate_cast<int>((here.fx * x * scale + here.cx) * parts);
        const int from_y = cv::saturate_cast<int>((here.fy * y * scale + here.cy) * parts);
        whole.at<cv::Vec2s>(row, column) = {static_cast<short>(from_x >> cv::INTER_BITS),
                                            static_cast<short>(from_y >> cv::INTER_BITS)};
        fraction.at<ushort>(row, column) =
            static_cast<ushort>((from_y & (parts - 1)) * parts + (from_x & (parts - 1)));
      }
    }
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
  const Lens here = scaled(lens, width, height);
  for (auto& point : points) {
    if (point.score <= 0) continue;
    const double x = (point.x - here.cx) / here.fx, y = (point.y - here.cy) / here.fy;
    const double seen = std::min(std::sqrt(x * x + y * y), std::numbers::pi / 2);
    const auto theta = straight_angle(here, seen);
    const double scale = !theta ? NAN : seen > 1e-8 ? std::tan(*theta) / seen : 1;
    const auto to_x = static_cast<float>(here.fx * x * scale + here.cx);
    const auto to_y = static_cast<float>(here.fy * y * scale + here.cy);
    // Far outside the field for which the lens was measured there is no answer.
    const bool known = std::abs(to_x) < 1e5f && std::abs(to_y) < 1e5f;
    point = known ? types::Keypoint{to_x, to_y, point.score} : types::Keypoint{};
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
