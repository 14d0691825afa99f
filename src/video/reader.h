// Pictures out of a file or a camera (FFmpeg). Not thread-safe; one reader, one thread, and one of next() and
// next_encoded(): a file's next picture is decoded ahead.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "types/frame.h"
#include "video/error.h"

namespace piste::video {

struct StreamInfo {
  int width = 0;  // as shown: turned as the container or the first JPEG (EXIF) says
  int height = 0;
  double fps = 0;                // average rate; 30 where the file does not say
  std::int64_t frame_count = 0;  // as the container claims or estimates; 0: not known
  bool jpeg = false;             // packets are JPEG pictures (MJPEG), so next_encoded() passes them through
  bool has_times = true;         // the file has timestamps; raw streams of pictures have none
};

struct CameraOptions {
  std::optional<int> width;
  std::optional<int> height;
  std::optional<double> fps;
};

class Reader {
 public:
  // The containers and codecs of docs/security.md. The file is taken apart in a process of its own,
  // referee_decoder, that can reach nothing else; where it crashes, or does not answer for as long as
  // `patience`, reading fails as with a file that cannot be read.
  static Result<std::unique_ptr<Reader>> open_file(
      const std::filesystem::path& path, std::chrono::milliseconds patience = std::chrono::seconds(60));
  // device: an index ("0" = /dev/video0) or a device path. Asks for MJPEG first.
  static Result<std::unique_ptr<Reader>> open_camera(const std::string& device, const CameraOptions& options);
  virtual ~Reader() = default;

  virtual const StreamInfo& info() const = 0;
  // Before the first picture is asked for: what is long before this moment may be left out. Numbers count
  // from what comes first then; times stay what they are where the file has them.
  virtual void go_to(double time) = 0;
  // The next picture in order of display, nullopt at the end. number counts from 0; time is the container's
  // timestamp relative to the first picture's (number / fps where there is none). A damaged picture is
  // skipped and its number with it; damaged() counts them.
  virtual Result<std::optional<types::Frame>> next() = 0;
  // The next JPEG as it is in the file or came from the camera. Precondition: info().jpeg. timestamp: as time
  // above.
  virtual Result<std::optional<types::EncodedFrame>> next_encoded() = 0;
  virtual std::int64_t damaged() const = 0;
};

}  // namespace piste::video
