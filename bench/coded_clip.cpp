#include "coded_clip.h"

#include <cmath>
#include <utility>

#include "pose_clip.h"
#include "video/codec.h"
#include "video/frame_decoder.h"

namespace piste::bench {
namespace {

std::unique_ptr<video::UnitEncoder> encoder_of(const Coding& coding, int width, int height, double fps) {
  if (coding.jpeg_quality > 0) return nullptr;
  const auto rate = std::llround(coding.bits_per_pixel * width * height * fps);
  return must(video::UnitEncoder::create(width, height, {fps, rate}));
}

}  // namespace

CodedClip::CodedClip(Coding coding, int width, int height, double fps)
    : coding_(std::move(coding)),
      clip_{width, height, fps, {}, {}},
      encoder_(encoder_of(coding_, width, height, fps)) {}

types::EncodedFrame CodedClip::encode(const types::Image& image, double time) {
  types::EncodedFrame frame;
  frame.number = static_cast<std::int64_t>(clip_.frames.size());
  frame.timestamp = time;
  frame.width = clip_.width;
  frame.height = clip_.height;
  types::Bytes bytes;
  if (encoder_) {
    auto unit = must(encoder_->encode(image, time, false));
    frame.encoding = types::Encoding::h264;
    frame.key = unit.key;
    bytes = std::move(unit.bytes);
  } else {
    bytes = must(video::encode_jpeg(image, coding_.jpeg_quality));
  }
  frame.bytes = std::make_shared<const types::Bytes>(std::move(bytes));
  return frame;
}

void CodedClip::add(const types::Image& image, double time) {
  const double begin = cpu_milliseconds();
  clip_.frames.push_back(encode(image, time));
  encode_ms_ += cpu_milliseconds() - begin;
  clip_.times.push_back(time);
}

double CodedClip::decode_ms() const {
  video::FrameDecoder decoder(1);
  const double begin = cpu_milliseconds();
  for (const auto& frame : clip_.frames) must(decoder.decode(frame));
  return cpu_milliseconds() - begin;
}

}  // namespace piste::bench
