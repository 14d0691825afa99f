#include "video/picture.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <array>

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

// Of BT.601 and 709 with limited range and shared chroma, swscale's quick conversions cut where they should
// round, and come out a good step too dark on average (1.0 to 1.4, by channel); in units of a 256th of a
// step.
int brightness_for(const AVPixFmtDescriptor& source, bool full_range) {
  const bool shared_chroma = source.log2_chroma_w || source.log2_chroma_h;
  return shared_chroma && !full_range ? 256 : 0;
}

}  // namespace

Orientation orientation_of(const AVStream& stream) {
  const auto* bytes = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
  if (!bytes) return {};
  return orientation_of_matrix(reinterpret_cast<const std::int32_t*>(bytes));
}

Orientation orientation_of(const AVFrame& frame) {
  const AVFrameSideData* data = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
  return data ? orientation_of_matrix(reinterpret_cast<const std::int32_t*>(data->data)) : Orientation{};
}

// The format may change from picture to picture (grey among coloured JPEGs): the scaler is kept while it
// fits.
bool PictureConverter::prepare(const AVFrame& frame, int width, int height, AVPixelFormat target) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  scaler_.reset(sws_getCachedContext(scaler_.release(), frame.width, frame.height, without_range(format),
                                     width, height, target, SWS_BILINEAR | SWS_FULL_CHR_H_INP, nullptr,
                                     nullptr, nullptr));
  if (!scaler_) return false;
  const int* matrix = sws_getCoefficients(matrix_of(frame));
  const bool full = frame.color_range == AVCOL_RANGE_JPEG || without_range(format) != format;
  const int brightness = brightness_for(*av_pix_fmt_desc_get(format), full);
  sws_setColorspaceDetails(scaler_.get(), matrix, full, matrix, 1, brightness, 1 << 16, 1 << 16);
  return true;
}

Result<types::Image> PictureConverter::convert(const AVFrame& frame, Orientation orientation) {
  const int width = orientation.transpose ? height_ : width_,
            height = orientation.transpose ? width_ : height_;
  const bool transparent = has_alpha(static_cast<AVPixelFormat>(frame.format));
  if (!prepare(frame, width, height, transparent ? AV_PIX_FMT_BGRA : AV_PIX_FMT_BGR24)) {
    return Error{ErrorCode::unsupported, "the video's pixel format is not supported"};
  }
  scaled_.shape(width, height, transparent ? 4 : 3);
  const std::array<std::uint8_t*, 4> planes{scaled_.data()};
  const std::array<int, 4> strides{scaled_.stride()};
  sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, planes.data(), strides.data());
  return turned(scaled_.image(), orientation);
}

}  // namespace piste::video
