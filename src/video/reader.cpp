#include "video/reader.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include "video/codec.h"
#include "video/file_reader.h"
#include "video/input.h"
#include "video/jpeg.h"
#include "video/limits.h"
#include "video/picture.h"
#include "video/remote_reader.h"

namespace piste::video {
namespace {

constexpr double usual_fps = 30;
constexpr double max_fps = 1000;
constexpr int max_threads = 4;
constexpr double least_step = 1e-4;  // s, between two pictures whose timestamps do not grow

double rate_of(const AVStream& stream) {
  for (const AVRational rate : {stream.avg_frame_rate, stream.r_frame_rate}) {
    const double fps = rate.den > 0 ? av_q2d(rate) : 0;
    if (fps > 0 && fps <= max_fps) return fps;
  }
  return usual_fps;
}

std::int64_t count_of(const AVFormatContext& context, const AVStream& stream, double fps) {
  if (stream.nb_frames > 0) return stream.nb_frames;
  double seconds = 0;
  if (stream.duration > 0) {
    seconds = static_cast<double>(stream.duration) * av_q2d(stream.time_base);
  } else if (context.duration > 0) {
    seconds = static_cast<double>(context.duration) / AV_TIME_BASE;
  }
  return std::llround(std::min(seconds * fps, 1e9));
}

// Timestamps -> seconds since the first picture, always growing.
class Clock {
 public:
  Clock(AVRational unit, double fps) : unit_(av_q2d(unit)), fps_(fps) {}

  // The first picture, which is not read, has this timestamp, s.
  void begin_at(double stamp) { origin_ = stamp; }

  double at(std::int64_t timestamp, std::int64_t number) {
    double time = static_cast<double>(number) / fps_;
    if (timestamp != AV_NOPTS_VALUE) {
      const double stamp = static_cast<double>(timestamp) * unit_;
      if (!origin_) origin_ = stamp - (last_ ? *last_ + 1 / fps_ : 0);
      time = stamp - *origin_;
    }
    if (last_ && time < *last_ + least_step) {
      // Set back (a clock that began anew): go on from here at the usual pace.
      if (origin_) *origin_ += time - (*last_ + 1 / fps_);
      time = *last_ + 1 / fps_;
    }
    last_ = time;
    return time;
  }

 private:
  const double unit_;
  const double fps_;
  std::optional<double> origin_;
  std::optional<double> last_;
};

// One picture at a time: packets go into the decoder until it gives one.
class FfmpegReader final : public Reader {
 public:
  static Result<std::unique_ptr<Reader>> create(std::unique_ptr<Input> input) {
    std::unique_ptr<FfmpegReader> reader(new FfmpegReader(std::move(input)));
    if (auto opened = reader->open_decoder(); !opened) return opened.error();
    reader->look_at_first_packet();
    return std::unique_ptr<Reader>(std::move(reader));
  }

  const StreamInfo& info() const override { return info_; }
  std::int64_t damaged() const override { return damaged_; }

  // To the key frame before. Where the file cannot be sought in, it is read from its beginning.
  void go_to(double time) override {
    AVStream& stream = input_->video();
    if (!info_.has_times || input_->is_camera() || !(time > 0)) return;
    const std::int64_t first = stream.start_time == AV_NOPTS_VALUE ? 0 : stream.start_time;
    const double unit = av_q2d(stream.time_base);
    const auto wanted = first + static_cast<std::int64_t>(std::min(time, 1e6) / unit);
    if (av_seek_frame(&input_->context(), stream.index, wanted, AVSEEK_FLAG_BACKWARD) < 0) return;
    has_packet_ = false;
    clock_.begin_at(static_cast<double>(first) * unit);
  }

  Result<std::optional<types::Frame>> next() override {
    for (;;) {
      const int code = avcodec_receive_frame(decoder_.get(), frame_.get());
      if (code == AVERROR_EOF) return std::optional<types::Frame>();
      if (code == 0) {
        if (is_damaged(*frame_)) {
          skip();
          continue;
        }
        return take_picture();
      }
      // A failure that a decoder thread reports late. At the end each thread may have one more.
      if (code != AVERROR(EAGAIN)) {
        skip();
        if (draining_ && ++failures_at_end_ > max_threads) return std::optional<types::Frame>();
      }
      if (auto fed = feed_decoder(); !fed) return fed.error();
    }
  }

  Result<std::optional<types::EncodedFrame>> next_encoded() override {
    for (;;) {
      auto more = next_packet();
      if (!more) return more.error();
      if (!*more) return std::optional<types::EncodedFrame>();
      const std::span<const std::uint8_t> bytes(packet_->data, static_cast<std::size_t>(packet_->size));
      has_packet_ = false;
      if (!is_one_jpeg(bytes)) {
        skip();
        continue;
      }
      types::EncodedFrame frame;
      frame.number = number_++;
      frame.timestamp = clock_.at(packet_->pts != AV_NOPTS_VALUE ? packet_->pts : packet_->dts, frame.number);
      frame.width = info_.width;
      frame.height = info_.height;
      frame.bytes = std::make_shared<const types::Bytes>(bytes.begin(), bytes.end());
      return std::optional(std::move(frame));
    }
  }

 private:
  explicit FfmpegReader(std::unique_ptr<Input> input)
      : input_(std::move(input)),
        orientation_(orientation_of(input_->video())),
        info_(describe()),
        clock_(input_->video().time_base, info_.fps),
        frame_(av_frame_alloc()),
        packet_(av_packet_alloc()) {}

  StreamInfo describe() const {
    const AVStream& stream = input_->video();
    StreamInfo info;
    info.width = stream.codecpar->width;
    info.height = stream.codecpar->height;
    if (orientation_.transpose) std::swap(info.width, info.height);
    info.fps = rate_of(stream);
    info.has_times = (input_->context().iformat->flags & AVFMT_NOTIMESTAMPS) == 0;
    info.frame_count = count_of(input_->context(), stream, info.fps);
    return info;
  }

  Result<base::Done> open_decoder() {
    const AVCodecParameters& parameters = *input_->video().codecpar;
    const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
    if (!codec) {
      return Error{ErrorCode::unsupported, std::string("the video's codec (") +
                                               avcodec_get_name(parameters.codec_id) + ") cannot be read"};
    }
    decoder_.reset(avcodec_alloc_context3(codec));
    if (!decoder_ || avcodec_parameters_to_context(decoder_.get(), &parameters) < 0) {
      return Error{ErrorCode::unsupported, "the video's codec cannot be set up"};
    }
    decoder_->pkt_timebase = input_->video().time_base;
    decoder_->max_pixels = max_pixels;
    // Frame threads hold pictures back, which a live camera must not.
    const int cores = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, max_threads);
    decoder_->thread_count = input_->is_camera() ? 1 : cores;
    if (!input_->is_camera() && !is_taken(*codec)) {
      return Error{ErrorCode::unsupported, std::string("the video's codec (") + codec->name +
                                               ") is not taken; " + std::string(taken_formats)};
    }
    if (const int code = avcodec_open2(decoder_.get(), codec, nullptr); code < 0) {
      return Error{ErrorCode::unsupported, "the video's codec cannot be set up: " + ffmpeg_text(code)};
    }
    return base::Done{};
  }

  bool is_one_jpeg(std::span<const std::uint8_t> bytes) const {
    const auto found = inspect(types::Encoding::jpeg, bytes, info_.width, info_.height);
    return found && found->width == info_.width && found->height == info_.height;
  }

  // Where the container says how its pictures are turned, they do not say it again.
  bool has_exif() const {
    return input_->video().codecpar->codec_id == AV_CODEC_ID_MJPEG && orientation_.is_upright();
  }

  // Not everything that calls itself MJPEG is one JPEG a packet (interlaced ones hold two half pictures).
  void look_at_first_packet() {
    if (!has_exif()) return;
    const auto more = next_packet();
    if (!more || !*more) return;
    const std::span<const std::uint8_t> bytes(packet_->data, static_cast<std::size_t>(packet_->size));
    const auto header = scan_jpeg(bytes);
    if (!header) return;
    if (header->orientation.transpose) std::swap(info_.width, info_.height);
    info_.jpeg = is_one_jpeg(bytes);
  }

  // packet_ holds the next packet of the stream; false at the end.
  Result<bool> next_packet() {
    if (has_packet_) return true;
    const int code = input_->read(*packet_);
    has_packet_ = code >= 0;
    if (code >= 0) return true;
    if (code == AVERROR_EOF) return false;
    if (input_->is_camera()) return Error{ErrorCode::io, "the camera stopped: " + ffmpeg_text(code)};
    ++damaged_;  // a file that breaks off: what came before it counts
    return false;
  }

  Result<base::Done> feed_decoder() {
    if (draining_) return base::Done{};
    auto more = next_packet();
    if (!more) return more.error();
    draining_ = !*more;
    const int code = avcodec_send_packet(decoder_.get(), draining_ ? nullptr : packet_.get());
    if (code == AVERROR(EAGAIN)) return base::Done{};  // full: it gives a picture first, the packet waits
    has_packet_ = false;
    if (code < 0 && !draining_) skip();
    return base::Done{};
  }

  // Pictures that the decoder patched up: a smeared fencer is worse for the analysis than a missing frame.
  static bool is_damaged(const AVFrame& frame) {
    return frame.flags & AV_FRAME_FLAG_CORRUPT || frame.decode_error_flags != 0;
  }

  void skip() {
    ++damaged_;
    ++number_;
  }

  Result<std::optional<types::Frame>> take_picture() {
    if (!converter_) converter_.emplace(info_.width, info_.height);
    auto image = converter_->convert(*frame_, has_exif() ? orientation_of(*frame_) : orientation_);
    if (!image) return image.error();
    types::Frame frame;
    frame.number = number_++;
    frame.time = clock_.at(frame_->best_effort_timestamp, frame.number);
    frame.image = std::move(*image);
    return std::optional(std::move(frame));
  }

  const std::unique_ptr<Input> input_;
  const Orientation orientation_;
  StreamInfo info_;
  Clock clock_;
  std::optional<PictureConverter> converter_;  // from the first picture on
  CodecPtr decoder_;
  FramePtr frame_;
  PacketPtr packet_;
  bool has_packet_ = false;
  bool draining_ = false;
  int failures_at_end_ = 0;
  std::int64_t number_ = 0;
  std::int64_t damaged_ = 0;
};

}  // namespace

Result<std::unique_ptr<Reader>> Reader::open_file(const std::filesystem::path& path,
                                                  std::chrono::milliseconds patience) {
  return open_in_decoder(path, patience);
}

Result<std::unique_ptr<Reader>> open_here(int descriptor) {
  auto input = Input::open_file(descriptor);
  if (!input) return input.error();
  return read(std::move(*input));
}

Result<std::unique_ptr<Reader>> read(std::unique_ptr<Input> input) {
  return FfmpegReader::create(std::move(input));
}

}  // namespace piste::video
