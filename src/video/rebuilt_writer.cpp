#include <cmath>
#include <string>

#include "video/codec.h"
#include "video/limits.h"
#include "video/muxer.h"
#include "video/raw.h"
#include "video/writer.h"

namespace piste::video {
namespace {

constexpr AVRational milliseconds{1, 1000};  // Matroska's usual unit
constexpr double max_time = 1e7;             // s; four months
constexpr int reencoded_quality = 95;

AVCodecID codec_of(types::Encoding encoding) {
  switch (encoding) {
    case types::Encoding::png:
      return AV_CODEC_ID_PNG;
    case types::Encoding::raw:
      return AV_CODEC_ID_RAWVIDEO;
    default:
      return AV_CODEC_ID_MJPEG;
  }
}

// FFmpeg's Matroska muxer copies packets through: no codec is opened, and frames of any kind of JPEG come out
// as they went in. Its times are milliseconds, which is finer than cameras are.
class MatroskaWriter final : public RebuiltVideoWriter {
 public:
  MatroskaWriter(std::unique_ptr<Muxer> muxer, types::Encoding encoding, int width, int height, double fps)
      : muxer_(std::move(muxer)), encoding_(encoding), width_(width), height_(height), fps_(fps) {}

  Result<base::Done> begin() {
    AVStream& stream = muxer_->stream();
    stream.codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    stream.codecpar->codec_id = codec_of(encoding_);
    stream.codecpar->width = width_;
    stream.codecpar->height = height_;
    if (encoding_ == types::Encoding::raw) {
      stream.codecpar->format = AV_PIX_FMT_BGR24;
    }
    stream.avg_frame_rate = av_d2q(fps_, 1 << 16);
    stream.time_base = milliseconds;
    Options options;
    options.set("allow_raw_vfw", "1");  // Matroska has no name of its own for BGR
    options.set("write_crc32", "0");    // two thirds of the time, and no reader asks for it
    return muxer_->begin(options);
  }

  Result<base::Done> write(const types::EncodedFrame& frame, double time) override {
    if (!(time >= 0 && time <= max_time))
      return Error{ErrorCode::unsupported, "a frame's time is out of range"};
    if (!frame.bytes) return Error{ErrorCode::unreadable, "the frame has no bytes"};
    if (frame.encoding != encoding_) return write_reencoded(frame, time);
    if (encoding_ != types::Encoding::raw) return write_bytes(*frame.bytes, time);
    const auto layout = raw_layout(*frame.bytes, width_, height_);
    if (!layout) return layout.error();
    if (layout->channels == 3) return write_bytes(layout->pixels, time);
    return write_bytes(decode_raw(*layout, width_, height_).bgr, time);
  }

  Result<base::Done> finish() override { return muxer_->finish(); }

 private:
  Result<base::Done> write_reencoded(const types::EncodedFrame& frame, double time) {
    auto image = decode(frame);
    if (!image) return image.error();
    if (encoding_ == types::Encoding::raw) return write_bytes(image->bgr, time);
    auto bytes =
        encoding_ == types::Encoding::png ? encode_png(*image) : encode_jpeg(*image, reencoded_quality);
    if (!bytes) return bytes.error();
    return write_bytes(*bytes, time);
  }

  Result<base::Done> write_bytes(std::span<const std::uint8_t> bytes, double time) {
    PacketPtr packet(av_packet_alloc());
    packet->data = const_cast<std::uint8_t*>(bytes.data());  // av_write_frame() only reads
    packet->size = static_cast<int>(bytes.size());
    packet->flags = AV_PKT_FLAG_KEY;
    // Two frames within one millisecond must not share a time: players drop one of them.
    last_ = std::max<std::int64_t>(std::llround(time * 1000), last_ + 1);
    packet->pts = packet->dts = last_;
    packet->duration = std::max<std::int64_t>(std::llround(1000 / fps_), 1);
    return muxer_->write(*packet, milliseconds);
  }

  const std::unique_ptr<Muxer> muxer_;
  const types::Encoding encoding_;
  const int width_;
  const int height_;
  const double fps_;
  std::int64_t last_ = -1;  // ms, of the frame before
};

}  // namespace

Result<std::unique_ptr<RebuiltVideoWriter>> RebuiltVideoWriter::create(const std::filesystem::path& path,
                                                                       types::Encoding encoding, int width,
                                                                       int height, double fps) {
  if (!is_reasonable_size(width, height))
    return Error{ErrorCode::unsupported, "the picture size is out of range"};
  if (!(fps > 0 && fps <= 1000)) return Error{ErrorCode::unsupported, "the frame rate is out of range"};
  auto muxer = Muxer::create(path, "matroska");
  if (!muxer) return muxer.error();
  auto writer = std::make_unique<MatroskaWriter>(std::move(*muxer), encoding, width, height, fps);
  if (auto begun = writer->begin(); !begun) return begun.error();
  return std::unique_ptr<RebuiltVideoWriter>(std::move(writer));
}

}  // namespace piste::video
