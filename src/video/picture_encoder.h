// Pictures -> H.264 packets, by libx264. Internal to the module.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "types/frame.h"
#include "video/ffmpeg.h"
#include "video/padded_picture.h"

namespace piste::video {

// How it is encoded.
struct EncoderOptions {
  int threads = 1;
  const char* preset = "veryfast";
  std::optional<int> quality;     // x264's crf; none: bit_rate says it
  std::int64_t bit_rate = 0;      // bits a second, on average and of any second at most
  int key_interval = 0;           // frames; 0: those of a second
  bool live = false;              // each picture's packet comes out at once
  bool headers_in_stream = true;  // each key frame brings SPS and PPS; false: describe() has them
};

// Variable frame rate: each picture carries its own time, so gaps in the phrase stay gaps in the video.
// Packets come in order of time, none refers to a later one, the first is a key frame.
class PictureEncoder {
 public:
  using Sink = std::function<Result<base::Done>(AVPacket&)>;  // the packet's times are in `unit`
  static constexpr AVRational unit{1, 90000};                 // MPEG's usual clock

  static Result<std::unique_ptr<PictureEncoder>> create(int width, int height, double fps,
                                                        const EncoderOptions& options);

  // key: a key frame, whether one is due or not.
  Result<base::Done> write(const types::Image& image, double time, const Sink& sink, bool key = false);
  // What the encoder still holds. Nothing can be written afterwards.
  Result<base::Done> drain(const Sink& sink);

  // Parameters and frame rate of what is made.
  Result<base::Done> describe(AVStream& stream) const;

 private:
  PictureEncoder(int width, int height) : width_(width), height_(height) {}
  Result<base::Done> open(double fps, const EncoderOptions& options);
  Result<base::Done> make_frame();
  Result<base::Done> encode(const AVFrame* frame, const Sink& sink);

  const int width_;
  const int height_;
  CodecPtr encoder_;
  ScalerPtr scaler_;
  PaddedPicture padded_;  // what the scaler reads
  FramePtr frame_;
  PacketPtr packet_;
  std::int64_t last_ = -1;
};

}  // namespace piste::video
