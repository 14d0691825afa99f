#include "video/codec.h"

#include <algorithm>
#include <cctype>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>

#include "video/h264_unit.h"
#include "video/jpeg.h"
#include "video/limits.h"
#include "video/png_picture.h"
#include "video/raw.h"

namespace piste::video {
namespace {

Result<base::Done> check_size(const char* kind, int width, int height, int announced_width,
                              int announced_height) {
  if (width == announced_width && height == announced_height) return base::Done{};
  return Error{ErrorCode::size_mismatch, std::string("the ") + kind + " is " + std::to_string(width) + "x" +
                                             std::to_string(height) + ", announced were " +
                                             std::to_string(announced_width) + "x" +
                                             std::to_string(announced_height)};
}

Result<base::Done> check_announced(int width, int height) {
  if (is_reasonable_size(width, height)) return base::Done{};
  return Error{ErrorCode::unsupported, "pictures of " + std::to_string(width) + "x" + std::to_string(height) +
                                           " are not taken; at most " + std::to_string(max_side) +
                                           " a side and " + std::to_string(max_pixels) + " pixels"};
}

// Averages reduce x reduce pixels into one; what is left over at the right and lower edge is repeated to fill
// up.
types::Image average_down(const types::Image& image, int reduce) {
  const int width = (image.width + reduce - 1) / reduce, height = (image.height + reduce - 1) / reduce;
  cv::Mat source(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.bgr.data()));
  const int right = width * reduce - image.width, below = height * reduce - image.height;
  if (right || below) cv::copyMakeBorder(source, source, 0, below, 0, right, cv::BORDER_REPLICATE);
  types::Image small{width, height,
                     types::Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3)};
  cv::Mat target(height, width, CV_8UC3, small.bgr.data());
  cv::resize(source, target, target.size(), 0, 0, cv::INTER_AREA);
  return small;
}

Result<Inspected> inspect_unit(std::span<const std::uint8_t> bytes, int width, int height) {
  const auto header = scan_unit(bytes);
  if (!header) return header.error();
  if (!header->key) return Inspected{false};
  const auto same = check_size("H.264 picture", header->width, header->height, width, height);
  if (!same) return same.error();
  return Inspected{true};
}

// Scan, check against what was announced, decode at full size.
Result<types::Image> decode_whole(types::Encoding encoding, std::span<const std::uint8_t> bytes, int width,
                                  int height) {
  if (encoding == types::Encoding::raw) {
    auto layout = raw_layout(bytes, width, height);
    if (!layout) return layout.error();
    return decode_raw(*layout, width, height);
  }
  auto header = scan_png(bytes);
  if (!header) return header.error();
  if (auto same = check_size("PNG", header->width, header->height, width, height); !same) return same.error();
  return decode_png(bytes, *header);
}

}  // namespace

std::optional<types::Encoding> parse_encoding(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (lower == "jpeg" || lower == "jpg") return types::Encoding::jpeg;
  if (lower == "png") return types::Encoding::png;
  if (lower == "raw") return types::Encoding::raw;
  if (lower == "h264") return types::Encoding::h264;
  return std::nullopt;
}

std::string_view to_string(types::Encoding encoding) {
  switch (encoding) {
    case types::Encoding::png:
      return "png";
    case types::Encoding::raw:
      return "raw";
    case types::Encoding::h264:
      return "h264";
    default:
      return "jpeg";
  }
}

Result<Inspected> inspect(types::Encoding encoding, std::span<const std::uint8_t> bytes, int width,
                          int height) {
  if (auto announced = check_announced(width, height); !announced) return announced.error();
  if (bytes.empty()) return Error{ErrorCode::unreadable, "the frame has no bytes"};
  if (encoding == types::Encoding::h264) return inspect_unit(bytes, width, height);
  Result<base::Done> sound = base::Done{};
  if (encoding == types::Encoding::jpeg) {
    const auto header = scan_jpeg(bytes);
    sound = header ? check_size("JPEG", header->width, header->height, width, height) : header.error();
  } else if (encoding == types::Encoding::png) {
    const auto header = scan_png(bytes);
    sound = header ? check_size("PNG", header->width, header->height, width, height) : header.error();
  } else if (const auto layout = raw_layout(bytes, width, height); !layout) {
    sound = layout.error();
  }
  if (!sound) return sound.error();
  return Inspected{};
}

Result<types::Image> decode(const types::EncodedFrame& frame, int reduce) {
  if (reduce != 1 && reduce != 2 && reduce != 4) {
    return Error{ErrorCode::unsupported, "a picture can be reduced by 1, 2 or 4"};
  }
  if (auto announced = check_announced(frame.width, frame.height); !announced) return announced.error();
  if (!frame.bytes || frame.bytes->empty()) return Error{ErrorCode::unreadable, "the frame has no bytes"};
  if (frame.encoding == types::Encoding::h264)
    return Error{ErrorCode::unsupported, "an H.264 unit is decoded together with those before it"};
  if (frame.encoding == types::Encoding::jpeg) {
    const auto header = scan_jpeg(*frame.bytes);
    if (!header) return header.error();
    auto same = check_size("JPEG", header->width, header->height, frame.width, frame.height);
    if (!same) return same.error();
    return decode_jpeg(*frame.bytes, *header, reduce);
  }
  auto whole = decode_whole(frame.encoding, *frame.bytes, frame.width, frame.height);
  if (!whole || reduce == 1) return whole;
  return average_down(*whole, reduce);
}

}  // namespace piste::video
