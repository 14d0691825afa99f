#include "video/picture.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <array>
#include <cstdlib>
#include <opencv2/core.hpp>

#include "video/blend.h"

namespace piste::video {
namespace {

// The yuvj formats are the yuv ones with full range; swscale wants to be told in the new way.
AVPixelFormat without_range(AVPixelFormat format) {
  switch (format) {
    case AV_PIX_FMT_YUVJ420P:
      return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P:
      return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P:
      return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P:
      return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ411P:
      return AV_PIX_FMT_YUV411P;
    default:
      return format;
  }
}

// What is not said is what broadcasters do: BT.709 from 720 lines on.
int matrix_of(const AVFrame& frame) {
  if (frame.colorspace == AVCOL_SPC_UNSPECIFIED || frame.colorspace == AVCOL_SPC_RGB) {
    return frame.height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601;
  }
  return frame.colorspace;  // SWS_CS_* are numbered alike
}

bool has_alpha(AVPixelFormat format) {
  const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
  return format == AV_PIX_FMT_PAL8 || (description && description->flags & AV_PIX_FMT_FLAG_ALPHA);
}

types::Image turned(types::Image image, Orientation orientation) {
  if (orientation.is_upright()) return image;
  const cv::Mat source(image.height, image.width, CV_8UC3, image.bgr.data());
  cv::Mat upright = source;
  if (orientation.transpose) cv::transpose(source, upright);
  if (orientation.flip_x || orientation.flip_y) {
    const int axes = orientation.flip_x && orientation.flip_y ? -1 : orientation.flip_x ? 1 : 0;
    cv::flip(upright.clone(), upright, axes);
  }
  return {upright.cols, upright.rows, types::Bytes(upright.datastart, upright.dataend)};
}

}  // namespace

Orientation orientation_of(const AVStream& stream) {
  const auto* bytes = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
  if (!bytes) return {};
  // x' = m[0] x + m[3] y, y' = m[1] x + m[4] y; translations only bring the picture back to the origin.
  const auto* m = reinterpret_cast<const std::int32_t*>(bytes);
  const auto size = [](std::int32_t value) { return std::abs(static_cast<std::int64_t>(value)); };
  if (size(m[0]) + size(m[4]) >= size(m[1]) + size(m[3])) return {false, m[0] < 0, m[4] < 0};
  return {true, m[3] < 0, m[1] < 0};
}

// The format may change from picture to picture (grey among coloured JPEGs): the scaler is kept while it
// fits.
bool PictureConverter::prepare(const AVFrame& frame, AVPixelFormat target) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  scaler_.reset(sws_getCachedContext(scaler_.release(), frame.width, frame.height, without_range(format),
                                     width_, height_, target, SWS_BILINEAR, nullptr, nullptr, nullptr));
  if (!scaler_) return false;
  const int* matrix = sws_getCoefficients(matrix_of(frame));
  const bool full = frame.color_range == AVCOL_RANGE_JPEG || without_range(format) != format;
  sws_setColorspaceDetails(scaler_.get(), matrix, full, matrix, 1, 0, 1 << 16, 1 << 16);
  return true;
}

Result<types::Image> PictureConverter::convert(const AVFrame& frame) {
  const bool transparent = has_alpha(static_cast<AVPixelFormat>(frame.format));
  if (!prepare(frame, transparent ? AV_PIX_FMT_BGRA : AV_PIX_FMT_BGR24)) {
    return Error{ErrorCode::unsupported, "the video's pixel format is not supported"};
  }
  const int channels = transparent ? 4 : 3;
  const auto pixels = static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
  types::Image image{width_, height_, types::Bytes(pixels * static_cast<std::size_t>(channels))};
  const std::array<std::uint8_t*, 4> planes{image.bgr.data()};
  const std::array<int, 4> strides{width_ * channels};
  sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, planes.data(), strides.data());
  if (transparent) {
    blend_over_black(image.bgr.data(), image.bgr.data(), pixels);
    image.bgr.resize(pixels * 3);
  }
  return turned(std::move(image), orientation_);
}

}  // namespace piste::video
