#include "client/frame_source.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "client/wall_clock.h"
#include "video/codec.h"

namespace piste::client {
namespace {

constexpr double camera_fps = 30;
// Timestamps in whole milliseconds come a little before their slot begins: a frame may be this share of a
// slot early.
constexpr double early_share = 0.25;

Error unreadable(const SourceOptions& options, const std::string& why) {
  const bool camera = options.video.empty();
  const std::string name = camera ? "camera " + options.camera : "video " + options.video.string();
  return {ErrorCode::usage, base::escaped(name) + ": " + why};
}

int usual_bitrate(const SourceInfo& info) {
  const double bits = default_bits_per_pixel * info.width * info.height * info.fps;
  return std::max(1, static_cast<int>(std::lround(bits / 1000)));
}

SourceInfo describe(const video::StreamInfo& stream, const SourceOptions& options) {
  SourceInfo info;
  info.width = stream.width;
  info.height = stream.height;
  info.camera = options.video.empty();
  info.timed = stream.has_times;
  const double fps = stream.fps > 0 ? stream.fps : camera_fps;
  info.fps = options.max_fps ? std::min(fps, *options.max_fps) : fps;
  info.passed_through = stream.jpeg && options.encoding == types::Encoding::jpeg && !options.jpeg_quality;
  if (options.encoding == types::Encoding::jpeg && !info.passed_through) {
    info.jpeg_quality = options.jpeg_quality.value_or(default_jpeg_quality);
  }
  if (options.encoding == types::Encoding::h264) {
    // Colours are kept for two by two pixels: an odd last row or column is left out.
    info.width &= ~1;
    info.height &= ~1;
    info.bitrate = options.bitrate.value_or(usual_bitrate(info));
  }
  if (info.camera) {
    info.expected_frames = std::llround(std::ceil(options.duration * info.fps));
  } else if (stream.frame_count > 0) {
    info.expected_frames = std::llround(std::ceil(static_cast<double>(stream.frame_count) * info.fps / fps));
  }
  return info;
}

// Timestamps are told to the millionth of a second, and read as binary numbers. A film's differ by the same
// to the last bit whenever it is sent, and so its result is the same: a 64th of a second is exact in both.
double start_of_a_film(double now) {
  constexpr double parts = 64;
  return std::floor(now * parts) / parts;
}

}  // namespace

Result<FrameSource> FrameSource::open(const SourceOptions& options) {
  if (!options.video.empty()) {
    auto reader = video::Reader::open_file(options.video);
    if (!reader) return unreadable(options, reader.error().message);
    return FrameSource(std::move(*reader), options, wall_clock);
  }
  const video::CameraOptions wanted{std::nullopt, std::nullopt, options.max_fps.value_or(camera_fps)};
  auto reader = video::Reader::open_camera(options.camera, wanted);
  if (!reader) return unreadable(options, reader.error().message);
  return FrameSource(std::move(*reader), options, wall_clock);
}

FrameSource::FrameSource(std::unique_ptr<video::Reader> reader, const SourceOptions& options, WallClock now)
    : reader_(std::move(reader)),
      options_(options),
      now_(std::move(now)),
      info_(describe(reader_->info(), options)) {}

bool FrameSource::has_turn(double time) {
  if (!options_.max_fps) return true;
  const auto slot = static_cast<std::int64_t>(std::floor(time * *options_.max_fps + early_share));
  if (slot <= last_slot_) return false;
  last_slot_ = slot;
  return true;
}

// A number that is missing is a missing unit to the server: what follows it must not refer to anything
// before.
Result<base::Done> FrameSource::encode_unit(const types::Frame& picture, types::EncodedFrame& out) {
  if (!encoder_) {
    auto made = video::UnitEncoder::create(picture.image.width, picture.image.height,
                                           {info_.fps, std::int64_t{1000} * *info_.bitrate});
    if (!made) return unreadable(options_, made.error().message);
    encoder_ = std::move(*made);
  }
  const std::int64_t number = picture.number - throttled_;
  const bool gap = number != std::exchange(last_unit_, number) + 1;
  auto unit = encoder_->encode(picture.image, picture.time, key_due_->exchange(false) || gap);
  if (!unit) return unreadable(options_, unit.error().message);
  out.key = unit->key;
  out.bytes = std::make_shared<const types::Bytes>(std::move(unit->bytes));
  return base::Done{};
}

Result<types::EncodedFrame> FrameSource::encode(types::Frame frame) {
  types::EncodedFrame out{frame.number, frame.time, options_.encoding, info_.width, info_.height, nullptr};
  if (options_.encoding == types::Encoding::h264) {
    if (auto encoded = encode_unit(frame, out); !encoded) return encoded.error();
    return out;
  }
  if (options_.encoding == types::Encoding::raw) {
    out.bytes = std::make_shared<const types::Bytes>(std::move(frame.image.bgr));
    return out;
  }
  auto bytes = options_.encoding == types::Encoding::png
                   ? video::encode_png(frame.image)
                   : video::encode_jpeg(frame.image, info_.jpeg_quality.value_or(default_jpeg_quality));
  if (!bytes) return unreadable(options_, bytes.error().message);
  out.bytes = std::make_shared<const types::Bytes>(std::move(*bytes));
  return out;
}

// The next picture that has its turn; its timestamp is still media time.
Result<std::optional<types::EncodedFrame>> FrameSource::next_picture() {
  using Picture = std::optional<types::EncodedFrame>;
  for (;;) {
    if (info_.passed_through) {
      auto frame = reader_->next_encoded();
      if (!frame) return unreadable(options_, frame.error().message);
      if (!*frame || has_turn((*frame)->timestamp.value_or(0))) return std::move(*frame);
    } else {
      auto frame = reader_->next();
      if (!frame) return unreadable(options_, frame.error().message);
      if (!*frame) return Picture();
      if (has_turn((*frame)->time)) {
        auto encoded = encode(std::move(**frame));
        if (!encoded) return encoded.error();
        return Picture(std::move(*encoded));
      }
    }
    ++throttled_;
  }
}

Result<std::optional<types::EncodedFrame>> FrameSource::next() {
  auto picture = next_picture();
  if (!picture || !*picture) return picture;
  types::EncodedFrame& frame = **picture;
  const double time = frame.timestamp.value_or(static_cast<double>(frame.number) / info_.fps);
  if (info_.camera && time >= options_.duration) return std::optional<types::EncodedFrame>();
  if (!start_) start_ = info_.camera ? now_() - time : start_of_a_film(now_() - time);
  frame.timestamp = *start_ + time;
  frame.number -= throttled_;
  frame.width = info_.width;
  frame.height = info_.height;
  return picture;
}

}  // namespace piste::client
