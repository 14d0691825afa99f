#include "video/frame_decoder.h"

#include <algorithm>
#include <string>

#include "video/codec.h"
#include "video/ffmpeg.h"
#include "video/limits.h"
#include "video/picture.h"

namespace piste::video {
namespace {

Error damaged(const std::string& why) {
  return {ErrorCode::unreadable, "the H.264 unit is damaged: " + why};
}

}  // namespace

class FrameDecoder::Stream {
 public:
  Stream(int width, int height, int reduce)
      : width_(width),
        height_(height),
        converter_((width + reduce - 1) / reduce, (height + reduce - 1) / reduce),
        frame_(av_frame_alloc()),
        packet_(av_packet_alloc()) {}

  Result<base::Done> feed(const types::EncodedFrame& unit) {
    if (unit.number <= last_) return Error{ErrorCode::unreadable, "the H.264 unit came too late"};
    if (!unit.key && unit.number != last_sound_ + 1) {
      return Error{ErrorCode::unreadable, "the H.264 unit follows one that is missing or damaged"};
    }
    last_ = unit.number;
    if (unit.key) {
      if (auto opened = open(); !opened) return opened.error();
    }
    if (auto decoded = decode(*unit.bytes); !decoded) return decoded.error();
    last_sound_ = unit.number;
    return base::Done{};
  }
  // Of the unit that was fed last. Precondition: that went well.
  Result<types::Image> picture() { return converter_.convert(*frame_); }

 private:
  // Anew at each key unit: whatever the decoder has been through, and whatever a unit says of the following
  // ones, the run that begins here is decoded the same way.
  Result<base::Done> open() {
    quiet_ffmpeg();
    const AVCodec* codec = avcodec_find_decoder(AV_CODEC_ID_H264);
    decoder_.reset(codec ? avcodec_alloc_context3(codec) : nullptr);
    if (!decoder_) return Error{ErrorCode::unsupported, "FFmpeg has no H.264 decoder"};
    decoder_->thread_count = 1;
    decoder_->flags |= AV_CODEC_FLAG_LOW_DELAY;  // each unit's picture comes out before the next unit goes in
    decoder_->err_recognition |= AV_EF_EXPLODE | AV_EF_BITSTREAM | AV_EF_BUFFER;
    decoder_->max_pixels = std::int64_t{width_ + macroblock + alignment} * (height_ + macroblock);
    if (const int code = avcodec_open2(decoder_.get(), codec, nullptr); code < 0)
      return Error{ErrorCode::unsupported, "the H.264 decoder cannot be set up: " + ffmpeg_text(code)};
    return base::Done{};
  }

  Result<base::Done> decode(const types::Bytes& bytes) {
    if (av_new_packet(packet_.get(), static_cast<int>(bytes.size())) < 0) return damaged("no memory for it");
    std::copy(bytes.begin(), bytes.end(), packet_->data);
    int code = avcodec_send_packet(decoder_.get(), packet_.get());
    av_packet_unref(packet_.get());
    if (code >= 0) code = avcodec_receive_frame(decoder_.get(), frame_.get());
    if (code == AVERROR(EAGAIN)) return damaged("its picture depends on later ones");
    if (code < 0) return damaged(ffmpeg_text(code));
    if (frame_->flags & AV_FRAME_FLAG_CORRUPT || frame_->decode_error_flags != 0)
      return damaged("parts of its picture are missing");
    if (frame_->width != width_ || frame_->height != height_)
      return damaged("its picture is of another size");
    // How much memory a sender can claim: the decoder keeps that many whole pictures.
    if (decoder_->refs > 1 && std::int64_t{decoder_->refs} * width_ * height_ > max_pixels)
      return Error{ErrorCode::unsupported, "the H.264 stream keeps more reference pictures than are taken"};
    return base::Done{};
  }

  static constexpr int macroblock = 16;  // pictures are coded in whole ones
  static constexpr int alignment = 64;   // of rows in memory, which FFmpeg counts as part of a picture

  const int width_;
  const int height_;
  PictureConverter converter_;
  CodecPtr decoder_;
  FramePtr frame_;
  PacketPtr packet_;
  std::int64_t last_ = -1;
  std::int64_t last_sound_ = -2;
};

FrameDecoder::FrameDecoder(int reduce) : reduce_(reduce) {}
FrameDecoder::~FrameDecoder() = default;

Result<types::Image> FrameDecoder::decode(const types::EncodedFrame& frame) {
  if (frame.encoding != types::Encoding::h264) return video::decode(frame, reduce_);
  if (auto fed = feed(frame); !fed) return fed.error();
  return stream_->picture();
}

Result<base::Done> FrameDecoder::skip(const types::EncodedFrame& frame) {
  return frame.encoding == types::Encoding::h264 ? feed(frame) : base::Done{};
}

Result<base::Done> FrameDecoder::feed(const types::EncodedFrame& unit) {
  if (!is_reasonable_size(unit.width, unit.height))
    return Error{ErrorCode::unsupported, "the picture size is out of range"};
  if (!unit.bytes || unit.bytes->empty()) return Error{ErrorCode::unreadable, "the frame has no bytes"};
  if (!stream_) stream_ = std::make_unique<Stream>(unit.width, unit.height, reduce_);
  return stream_->feed(unit);
}

}  // namespace piste::video
