// Encoded frames out of a video file or a camera, in the wanted encoding and at most at the wanted rate.
// Pictures that are JPEG already pass through undecoded where nothing asks for another encoding or quality.
// One thread at a time.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "client/error.h"
#include "client/options.h"
#include "types/frame.h"
#include "video/reader.h"
#include "video/unit_encoder.h"

namespace piste::client {

struct SourceInfo {
  int width = 0;
  int height = 0;
  double fps = 0;                               // of what is sent
  std::optional<std::int64_t> expected_frames;  // as far as the file or the duration tells
  bool camera = false;
  bool timed = true;                // false: the file has no times, its rate is a guess
  bool passed_through = false;      // JPEGs go as they are
  std::optional<int> jpeg_quality;  // of the frames that are encoded here
  std::optional<int> bitrate;       // kbit/s, of H.264; the other encodings have none
};

class FrameSource {
 public:
  using WallClock = std::function<double()>;  // seconds since 1970

  static Result<FrameSource> open(const SourceOptions& options);
  // now: asked once, when the first frame has come. It is that frame's timestamp; the others follow by media
  // time.
  FrameSource(std::unique_ptr<video::Reader> reader, const SourceOptions& options, WallClock now);

  const SourceInfo& info() const { return info_; }
  // The next frame to send, nullopt at the end (of the file, of the camera's duration). Numbers grow by one,
  // but for pictures that are damaged in the file: these leave a gap. Times are true whatever is dropped.
  Result<std::optional<types::EncodedFrame>> next();
  // A frame will not reach the server, so no H.264 unit can refer to it: the next one that is encoded is a
  // key frame. Any thread.
  void begin_anew() { *key_due_ = true; }
  std::int64_t damaged() const { return reader_->damaged(); }

 private:
  Result<std::optional<types::EncodedFrame>> next_picture();
  Result<types::EncodedFrame> encode(types::Frame frame);
  Result<base::Done> encode_unit(const types::Frame& picture, types::EncodedFrame& out);
  bool has_turn(double time);

  std::unique_ptr<video::Reader> reader_;
  SourceOptions options_;
  WallClock now_;
  SourceInfo info_;
  std::optional<double> start_;                  // wall clock of the first frame
  std::int64_t last_slot_ = -1;                  // of 1/max_fps seconds each
  std::int64_t throttled_ = 0;                   // dropped to keep to max_fps
  std::unique_ptr<video::UnitEncoder> encoder_;  // of H.264, from the first picture on
  // Of H.264. Not in place, so that a source can be moved.
  std::unique_ptr<std::atomic<bool>> key_due_ = std::make_unique<std::atomic<bool>>(true);
  std::int64_t last_unit_ = -1;  // its number
};

}  // namespace piste::client
