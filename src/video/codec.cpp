#include "video/codec.h"

#include <algorithm>
#include <initializer_list>
#include <opencv2/imgproc.hpp>
#include <string>
#include <type_traits>
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

struct Size {
  int width = 0;
  int height = 0;
};

// The size of the upright picture where a turned one may be announced as it is stored or as it is shown.
Size shown_size(const JpegHeader& header, int width, int height) {
  const bool announced_upright = height > width,
             stored_upright = header.stored_height() > header.stored_width();
  const bool as_stored = header.orientation.transpose && announced_upright == stored_upright;
  return as_stored ? Size{height, width} : Size{width, height};
}

Result<base::Done> check_announced(int width, int height) {
  if (is_reasonable_size(width, height)) return base::Done{};
  return Error{ErrorCode::unsupported, "pictures of " + std::to_string(width) + "x" + std::to_string(height) +
                                           " are not taken; at most " + std::to_string(max_side) +
                                           " a side and " + std::to_string(max_pixels) + " pixels"};
}

// A size that was not announced claims no more memory than a large picture takes.
constexpr std::int64_t most_unannounced_pixels = std::int64_t{3840} * 2160;

// picture: a header with the size of the picture itself.
Result<base::Done> check_own_size(const char* kind, const auto& picture, int width, int height) {
  const bool small = is_reasonable_size(picture.width, picture.height) &&
                     std::int64_t{picture.width} * picture.height <= most_unannounced_pixels;
  return small ? base::Done{} : check_size(kind, picture.width, picture.height, width, height);
}

int part_of(int side, int reduce) {
  return (side + reduce - 1) / reduce;
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

Result<Inspected> inspect_picture(types::Encoding encoding, std::span<const std::uint8_t> bytes, int width,
                                  int height) {
  Inspected found;
  const auto take = [&](const char* kind, const auto& header) -> Result<base::Done> {
    if (!header) return header.error();
    found.width = header->width;
    found.height = header->height;
    if constexpr (std::is_same_v<std::decay_t<decltype(*header)>, JpegHeader>) {
      const Size shown = shown_size(*header, width, height);
      return check_own_size(kind, *header, shown.width, shown.height);
    }
    return check_own_size(kind, *header, width, height);
  };
  const auto sound = encoding == types::Encoding::jpeg  ? take("JPEG", scan_jpeg(bytes))
                     : encoding == types::Encoding::png ? take("PNG", scan_png(bytes))
                                                        : take("RAW frame", raw_layout(bytes, width, height));
  if (!sound) return sound.error();
  return found;
}

Result<Inspected> inspect_unit(std::span<const std::uint8_t> bytes, int width, int height) {
  const auto header = scan_unit(bytes);
  if (!header) return header.error();
  if (!header->key) return Inspected{false, width, height};
  const auto same = check_size("H.264 picture", header->width, header->height, width, height);
  if (!same) return same.error();
  return Inspected{true, width, height};
}

// Scan, check, decode at the picture's own size.
Result<types::Image> decode_whole(const types::EncodedFrame& frame, types::Encoding encoding) {
  if (encoding == types::Encoding::raw) {
    const auto layout = raw_layout(*frame.bytes, frame.width, frame.height);
    if (!layout) return layout.error();
    if (auto sound = check_own_size("RAW frame", *layout, frame.width, frame.height); !sound)
      return sound.error();
    return decode_raw(*layout);
  }
  const auto header = scan_png(*frame.bytes);
  if (!header) return header.error();
  if (auto sound = check_own_size("PNG", *header, frame.width, frame.height); !sound) return sound.error();
  return decode_png(*frame.bytes, *header);
}

// At 1/reduce of the announced size. JPEG shrinks for nothing, as far as the picture does not become smaller
// than that.
Result<types::Image> decode_scaled_jpeg(const types::EncodedFrame& frame, int reduce) {
  const auto header = scan_jpeg(*frame.bytes);
  if (!header) return header.error();
  const Size shown = shown_size(*header, frame.width, frame.height);
  if (auto sound = check_own_size("JPEG", *header, shown.width, shown.height); !sound) return sound.error();
  const bool as_announced = header->width == shown.width && header->height == shown.height;
  int own_reduce = as_announced ? reduce : 1;
  while (!as_announced && own_reduce < 4 &&
         part_of(header->width, 2 * own_reduce) >= part_of(shown.width, reduce) &&
         part_of(header->height, 2 * own_reduce) >= part_of(shown.height, reduce)) {
    own_reduce *= 2;
  }
  auto image = decode_jpeg(*frame.bytes, *header, own_reduce);
  if (!image) return image;
  return resized(std::move(*image), part_of(shown.width, reduce), part_of(shown.height, reduce));
}

}  // namespace

types::Image resized(types::Image&& image, int width, int height) {
  if (image.width == width && image.height == height) return std::move(image);
  const cv::Mat source(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.bgr.data()));
  types::Image out{width, height,
                   types::Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3)};
  cv::Mat target(height, width, CV_8UC3, out.bgr.data());
  const bool smaller = width <= image.width && height <= image.height;
  cv::resize(source, target, target.size(), 0, 0, smaller ? cv::INTER_AREA : cv::INTER_LINEAR);
  return out;
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

types::Encoding encoding_of(types::Encoding said, std::span<const std::uint8_t> bytes) {
  const auto begins_with = [&](std::initializer_list<std::uint8_t> signature) {
    return bytes.size() > signature.size() && std::equal(signature.begin(), signature.end(), bytes.begin());
  };
  if (said != types::Encoding::jpeg && said != types::Encoding::png) return said;
  if (begins_with({0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'})) return types::Encoding::png;
  return begins_with({0xFF, 0xD8, 0xFF}) ? types::Encoding::jpeg : said;
}

double scale_of(const types::Image& image, const types::EncodedFrame& frame) {
  return static_cast<double>(std::max(image.width, image.height)) / std::max(frame.width, frame.height);
}

Result<Inspected> inspect(types::Encoding encoding, std::span<const std::uint8_t> bytes, int width,
                          int height) {
  if (auto announced = check_announced(width, height); !announced) return announced.error();
  if (bytes.empty()) return Error{ErrorCode::unreadable, "the frame has no bytes"};
  encoding = encoding_of(encoding, bytes);
  if (encoding == types::Encoding::h264) return inspect_unit(bytes, width, height);
  return inspect_picture(encoding, bytes, width, height);
}

Result<types::Image> decode(const types::EncodedFrame& frame, int reduce) {
  if (reduce != 1 && reduce != 2 && reduce != 4) {
    return Error{ErrorCode::unsupported, "a picture can be reduced by 1, 2 or 4"};
  }
  if (auto announced = check_announced(frame.width, frame.height); !announced) return announced.error();
  if (!frame.bytes || frame.bytes->empty()) return Error{ErrorCode::unreadable, "the frame has no bytes"};
  const auto encoding = encoding_of(frame.encoding, *frame.bytes);
  if (encoding == types::Encoding::h264)
    return Error{ErrorCode::unsupported, "an H.264 unit is decoded together with those before it"};
  if (encoding == types::Encoding::jpeg) return decode_scaled_jpeg(frame, reduce);
  auto whole = decode_whole(frame, encoding);
  if (!whole) return whole;
  auto announced = resized(std::move(*whole), frame.width, frame.height);
  return reduce == 1 ? std::move(announced) : average_down(announced, reduce);
}

}  // namespace piste::video
