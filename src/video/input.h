// What a reader reads from: a container file, opened so that nothing else can be, or a camera. Internal to
// the module.
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>

#include "video/ffmpeg.h"
#include "video/reader.h"

namespace piste::video {

class Input {
 public:
  static Result<std::unique_ptr<Input>> open_file(const std::filesystem::path& path);
  static Result<std::unique_ptr<Input>> open_camera(const std::string& device, const CameraOptions& options);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  AVFormatContext& context() { return *context_; }
  AVStream& video() { return *context_->streams[video_]; }
  bool is_camera() const { return !file_; }
  // The next packet of the video stream. AVERROR_EOF at the end.
  int read(AVPacket& packet);

 private:
  Input() = default;
  int open_demuxer(std::FILE* file);
  Result<base::Done> find_video();

  std::FILE* file_ = nullptr;
  AVIOContext* io_ = nullptr;
  AVFormatContext* context_ = nullptr;
  int video_ = -1;
};

}  // namespace piste::video
