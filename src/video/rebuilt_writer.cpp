#include <algorithm>
#include <cmath>
#include <string>

#include "video/codec.h"
#include "video/h264_unit.h"
#include "video/limits.h"
#include "video/muxer.h"
#include "video/raw.h"
#include "video/writer.h"

namespace piste::video {
namespace {

constexpr AVRational matroska_unit{1, 1000};  // Matroska's usual unit
constexpr double max_matroska_time = 1e7;     // s; four months
constexpr int reencoded_quality = 95;

AVCodecID codec_of(types::Encoding encoding) {
  switch (encoding) {
    case types::Encoding::png:
      return AV_CODEC_ID_PNG;
    case types::Encoding::raw:
      return AV_CODEC_ID_RAWVIDEO;
    case types::Encoding::h264:
      return AV_CODEC_ID_H264;
    default:
      return AV_CODEC_ID_MJPEG;
  }
}

// FFmpeg's muxers copy packets through: no codec is opened, and frames of any kind of JPEG come out as they
// went in. An H.264 unit keeps its NAL units, with their sizes in front instead of start codes, as the
// containers want it. Times are milliseconds, which is finer than cameras are.
class CopyingWriter final : public RebuiltVideoWriter {
 public:
  CopyingWriter(std::unique_ptr<Muxer> muxer, types::Encoding encoding, int width, int height, double fps)
      : muxer_(std::move(muxer)), encoding_(encoding), width_(width), height_(height), fps_(fps) {}

  // parameters: H.264's SPS and PPS.
  Result<base::Done> begin(const types::Bytes& parameters = {}) {
    AVStream& stream = muxer_->stream();
    stream.codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    stream.codecpar->codec_id = codec_of(encoding_);
    stream.codecpar->width = width_;
    stream.codecpar->height = height_;
    if (encoding_ == types::Encoding::raw) {
      stream.codecpar->format = AV_PIX_FMT_BGR24;
    }
    if (!parameters.empty() && !keep_beside(*stream.codecpar, parameters))
      return Error{ErrorCode::io, "the video cannot be written: no memory"};
    stream.avg_frame_rate = av_d2q(fps_, 1 << 16);
    stream.time_base = matroska_unit;
    Options options;
    options.set("movflags", "+faststart");
    options.set("allow_raw_vfw", "1");  // Matroska has no name of its own for BGR
    options.set("write_crc32", "0");    // two thirds of the time, and no reader asks for it
    begun_ = true;
    return muxer_->begin(options);
  }

  Result<base::Done> write(const types::EncodedFrame& frame, double time) override {
    if (!(time >= 0 && time <= max_matroska_time))
      return Error{ErrorCode::unsupported, "a frame's time is out of range"};
    if (!frame.bytes) return Error{ErrorCode::unreadable, "the frame has no bytes"};
    if (encoding_ == types::Encoding::h264) return write_unit(frame, time);
    if (encoding_of(frame.encoding, *frame.bytes) != encoding_) return write_reencoded(frame, time);
    if (encoding_ != types::Encoding::raw) return write_bytes(*frame.bytes, time);
    const auto layout = raw_layout(*frame.bytes, width_, height_);
    if (!layout) return layout.error();
    const bool as_announced = layout->width == width_ && layout->height == height_;
    if (!as_announced) return write_reencoded(frame, time);
    if (layout->channels == 3) return write_bytes(layout->pixels, time);
    return write_bytes(decode_raw(*layout).bgr, time);
  }

  Result<base::Done> finish() override {
    if (!begun_) return Error{ErrorCode::io, "the video cannot be written: it has no key frame"};
    return muxer_->finish();
  }

 private:
  static bool keep_beside(AVCodecParameters& stream, const types::Bytes& parameters) {
    auto* copy = static_cast<std::uint8_t*>(av_mallocz(parameters.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    if (!copy) return false;
    std::copy(parameters.begin(), parameters.end(), copy);
    stream.extradata = copy;
    stream.extradata_size = static_cast<int>(parameters.size());
    return true;
  }

  // Nothing can be shown of the units before the first key unit: they are left out.
  Result<base::Done> write_unit(const types::EncodedFrame& unit, double time) {
    if (unit.encoding != types::Encoding::h264)
      return Error{ErrorCode::unsupported, "H.264 and single pictures do not go into one video"};
    if (!begun_ && !unit.key) return base::Done{};
    if (!begun_) {
      if (auto begun = begin(parameter_sets(*unit.bytes)); !begun) return begun;
    }
    return write_bytes(*unit.bytes, time, unit.key);
  }

  Result<base::Done> write_reencoded(const types::EncodedFrame& frame, double time) {
    auto image = decode(frame);
    if (!image) return image.error();
    if (encoding_ == types::Encoding::raw) return write_bytes(image->bgr, time);
    auto bytes =
        encoding_ == types::Encoding::png ? encode_png(*image) : encode_jpeg(*image, reencoded_quality);
    if (!bytes) return bytes.error();
    return write_bytes(*bytes, time);
  }

  Result<base::Done> write_bytes(std::span<const std::uint8_t> bytes, double time, bool key = true) {
    // A copy: FFmpeg reads past a packet's end, and wants padding there.
    PacketPtr packet(av_packet_alloc());
    if (!packet || av_new_packet(packet.get(), static_cast<int>(bytes.size())) < 0)
      return Error{ErrorCode::io, "the video cannot be written: no memory"};
    std::copy(bytes.begin(), bytes.end(), packet->data);
    packet->flags = key ? AV_PKT_FLAG_KEY : 0;
    // Two frames within one millisecond must not share a time: players drop one of them.
    last_ = std::max<std::int64_t>(std::llround(time * 1000), last_ + 1);
    packet->pts = packet->dts = last_;
    packet->duration = std::max<std::int64_t>(std::llround(1000 / fps_), 1);
    return muxer_->write(*packet, matroska_unit);
  }

  const std::unique_ptr<Muxer> muxer_;
  const types::Encoding encoding_;
  const int width_;
  const int height_;
  const double fps_;
  bool begun_ = false;
  std::int64_t last_ = -1;  // ms, of the frame before
};

}  // namespace

Result<std::unique_ptr<RebuiltVideoWriter>> RebuiltVideoWriter::create(const std::filesystem::path& path,
                                                                       types::Encoding encoding, int width,
                                                                       int height, double fps) {
  if (!is_reasonable_size(width, height))
    return Error{ErrorCode::unsupported, "the picture size is out of range"};
  if (!(fps > 0 && fps <= 1000)) return Error{ErrorCode::unsupported, "the frame rate is out of range"};
  const bool h264 = encoding == types::Encoding::h264;
  auto muxer = Muxer::create(path, h264 && path.extension() == ".mp4" ? "mp4" : "matroska");
  if (!muxer) return muxer.error();
  auto writer = std::make_unique<CopyingWriter>(std::move(*muxer), encoding, width, height, fps);
  if (h264)
    return std::unique_ptr<RebuiltVideoWriter>(std::move(writer));  // it begins with the first key unit
  if (auto begun = writer->begin(); !begun) return begun.error();
  return std::unique_ptr<RebuiltVideoWriter>(std::move(writer));
}

}  // namespace piste::video
