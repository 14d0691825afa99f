// A container file with one video stream, written under a temporary name. Internal to the module.
#pragma once

#include <filesystem>

#include "base/pending_file.h"
#include "video/ffmpeg.h"

namespace piste::video {

class Muxer {
 public:
  // format: FFmpeg's name of the container.
  static Result<std::unique_ptr<Muxer>> create(const std::filesystem::path& path, const char* format);
  ~Muxer();
  Muxer(const Muxer&) = delete;
  Muxer& operator=(const Muxer&) = delete;

  // The stream, to be described before begin().
  AVStream& stream() { return *stream_; }
  Result<base::Done> begin(Options& options);
  // Times of the packet in units of `unit`; its bytes are not copied.
  Result<base::Done> write(AVPacket& packet, AVRational unit);
  // Index and trailer, then the file gets its name.
  Result<base::Done> finish();

 private:
  explicit Muxer(const std::filesystem::path& path) : file_(path) {}

  base::PendingFile file_;  // destroyed last: the context holds the file open
  AVFormatContext* context_ = nullptr;
  AVStream* stream_ = nullptr;
};

}  // namespace piste::video
