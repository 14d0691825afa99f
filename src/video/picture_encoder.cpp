#include "video/picture_encoder.h"

#include <array>
#include <cmath>
#include <string>

#include "video/limits.h"

namespace piste::video {
namespace {

constexpr double max_mp4_time = 20000;  // s; keeps MP4's 32-bit times far from their end

Error failure(const std::string& why) {
  return {ErrorCode::io, "the H.264 video cannot be made: " + why};
}

}  // namespace

Result<std::unique_ptr<PictureEncoder>> PictureEncoder::create(int width, int height, double fps,
                                                               const EncoderOptions& options) {
  if (!is_reasonable_size(width, height) || width < 2 || height < 2)
    return Error{ErrorCode::unsupported, "the picture size is out of range"};
  if (!(fps > 0 && fps <= 1000)) return Error{ErrorCode::unsupported, "the frame rate is out of range"};
  quiet_ffmpeg();
  std::unique_ptr<PictureEncoder> encoder(new PictureEncoder(width, height));
  if (auto opened = encoder->open(fps, options); !opened) return opened.error();
  return encoder;
}

Result<base::Done> PictureEncoder::write(const types::Image& image, double time, const Sink& sink, bool key) {
  if (!is_complete(image) || image.width != width_ || image.height != height_) {
    return Error{ErrorCode::size_mismatch, "the picture is not of the video's size"};
  }
  if (!(time >= 0 && time <= max_mp4_time))
    return Error{ErrorCode::unsupported, "a frame's time is out of range"};
  // The encoder may still hold the last picture (look-ahead); then this one gets new memory.
  if (av_frame_make_writable(frame_.get()) < 0) return failure("no memory");
  padded_.copy(image);
  const std::array<const std::uint8_t*, 4> planes{padded_.data()};
  const std::array<int, 4> strides{padded_.stride()};
  // sws_scale reads the even part only: an odd last row or column is dropped.
  sws_scale(scaler_.get(), planes.data(), strides.data(), 0, frame_->height, frame_->data, frame_->linesize);
  last_ = std::max<std::int64_t>(std::llround(time * unit.den), last_ + 1);
  frame_->pts = last_;
  frame_->pict_type = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
  return encode(frame_.get(), sink);
}

Result<base::Done> PictureEncoder::drain(const Sink& sink) {
  if (last_ < 0) return failure("it has no picture");
  return encode(nullptr, sink);
}

Result<base::Done> PictureEncoder::describe(AVStream& stream) const {
  stream.time_base = unit;
  stream.avg_frame_rate = encoder_->framerate;
  if (avcodec_parameters_from_context(stream.codecpar, encoder_.get()) < 0) return failure("no memory");
  return base::Done{};
}

Result<base::Done> PictureEncoder::open(double fps, const EncoderOptions& options) {
  const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
  if (!codec) return failure("FFmpeg has no libx264");
  encoder_.reset(avcodec_alloc_context3(codec));
  AVCodecContext& encoder = *encoder_;
  encoder.width = width_ & ~1;
  encoder.height = height_ & ~1;
  encoder.pix_fmt = AV_PIX_FMT_YUV420P;
  encoder.time_base = unit;
  encoder.framerate = av_d2q(fps, 1 << 16);
  encoder.thread_count = options.threads;
  encoder.max_b_frames = 0;
  // Said in full, so that every player shows the lamps' colours alike.
  encoder.color_range = AVCOL_RANGE_MPEG;
  encoder.colorspace = AVCOL_SPC_BT709;
  encoder.color_primaries = AVCOL_PRI_BT709;
  encoder.color_trc = AVCOL_TRC_BT709;
  // Players can jump to each key frame.
  encoder.gop_size =
      options.key_interval > 0 ? options.key_interval : static_cast<int>(std::lround(std::max(fps, 1.0)));
  if (!options.headers_in_stream) encoder.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  Options x264;
  x264.set("preset", options.preset);
  x264.set("forced-idr", "1");  // a key frame that is asked for is one to begin at
  if (options.live) {
    x264.set("tune", "zerolatency");
    x264.set("x264-params", "scenecut=0");  // a flash is no reason for the bits of a key frame
  }
  if (options.quality) {
    x264.set("crf", std::to_string(*options.quality));
  } else {
    encoder.bit_rate = encoder.rc_max_rate = options.bit_rate;
    encoder.rc_buffer_size = static_cast<int>(options.bit_rate);
  }
  if (const int code = avcodec_open2(&encoder, codec, x264.get()); code < 0)
    return failure(ffmpeg_text(code));
  return make_frame();
}

Result<base::Done> PictureEncoder::make_frame() {
  frame_.reset(av_frame_alloc());
  packet_.reset(av_packet_alloc());
  frame_->format = encoder_->pix_fmt;
  frame_->width = encoder_->width;
  frame_->height = encoder_->height;
  if (av_frame_get_buffer(frame_.get(), 0) < 0) return failure("no memory");
  scaler_.reset(sws_getContext(frame_->width, frame_->height, AV_PIX_FMT_BGR24, frame_->width, frame_->height,
                               AV_PIX_FMT_YUV420P, SWS_BILINEAR, nullptr, nullptr, nullptr));
  if (!scaler_) return failure("the picture size is not taken");
  // swscale's default is BT.601 whatever the size.
  const int* bt709 = sws_getCoefficients(SWS_CS_ITU709);
  sws_setColorspaceDetails(scaler_.get(), bt709, 1, bt709, 0, 0, 1 << 16, 1 << 16);
  return base::Done{};
}

// nullptr drains the encoder.
Result<base::Done> PictureEncoder::encode(const AVFrame* frame, const Sink& sink) {
  int code = avcodec_send_frame(encoder_.get(), frame);
  while (code >= 0) {
    code = avcodec_receive_packet(encoder_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return base::Done{};
    if (code < 0) break;
    auto taken = sink(*packet_);
    av_packet_unref(packet_.get());
    if (!taken) return taken;
  }
  return failure(ffmpeg_text(code));
}

}  // namespace piste::video
