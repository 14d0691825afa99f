// What a reader reads from: a container file, opened so that nothing else can be, or a camera. Internal to
// the module.
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include "video/ffmpeg.h"
#include "video/reader.h"

namespace piste::video {

// What is opened of a file's content, in words.
constexpr std::string_view taken_formats =
    "taken are MP4, MOV, Matroska, WebM, AVI, MPEG-TS and -PS, FLV, WMV, MXF, DV, IVF and raw MJPEG, H.264, "
    "H.265 and MPEG-4, with the "
    "usual codecs of cameras, phones and editors";
bool is_taken(const AVCodec& decoder);

class Input {
 public:
  // descriptor: of a file, open for reading; it is taken over.
  static Result<std::unique_ptr<Input>> open_file(int descriptor);
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
