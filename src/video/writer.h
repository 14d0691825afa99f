// Pictures into files. Files are written under a temporary name and renamed by finish(): whole or not at all
// (a writer that is destroyed before finish() removes what it wrote). Not thread-safe.
#pragma once

#include <filesystem>
#include <memory>

#include "types/frame.h"
#include "video/error.h"

namespace piste::video {

// The received frames as they are, bit for bit, in a Matroska file: MJPEG, PNG or raw BGR24 in the codec of
// the first frame. A frame in another encoding than the first is re-encoded into it (PNG or raw: losslessly).
// H.264 units, which do not mix with others, go into an MP4 file where the path ends in .mp4; the video
// begins with the first key unit. Times must grow; gaps stay gaps.
class RebuiltVideoWriter {
 public:
  static Result<std::unique_ptr<RebuiltVideoWriter>> create(const std::filesystem::path& path,
                                                            types::Encoding encoding, int width, int height,
                                                            double fps);
  virtual ~RebuiltVideoWriter() = default;
  virtual Result<base::Done> write(const types::EncodedFrame& frame,
                                   double time) = 0;  // time: s since first frame
  virtual Result<base::Done> finish() = 0;
};

struct H264Options {
  int quality = 23;                 // x264's crf: lower is better and larger
  const char* preset = "veryfast";  // x264's speed presets
  int threads = 1;                  // of the encoder
  int key_interval = 0;             // frames from one key frame to the next at most; 0: those of a second
};

// H.264 in MP4 with the index in front (faststart), yuv420p, for people and browsers. Odd sizes lose their
// last row or column. Times must grow.
class H264Writer {
 public:
  static Result<std::unique_ptr<H264Writer>> create(const std::filesystem::path& path, int width, int height,
                                                    double fps, const H264Options& options = {});
  virtual ~H264Writer() = default;
  virtual Result<base::Done> write(const types::Image& image, double time) = 0;
  virtual Result<base::Done> finish() = 0;
};

// A stretch of such a video that is encoded on its own, in memory, from a key frame on: the stretches of a
// video can be made at the same time by several threads.
class H264Run {
 public:
  static Result<std::unique_ptr<H264Run>> create(int width, int height, double fps,
                                                 const H264Options& options = {});
  ~H264Run();
  H264Run(const H264Run&) = delete;
  H264Run& operator=(const H264Run&) = delete;
  Result<base::Done> write(const types::Image& image, double time);
  Result<base::Done> finish();  // at least one picture has been written; none can be any more

 private:
  friend class H264File;
  struct State;
  explicit H264Run(std::unique_ptr<State> state);
  const std::unique_ptr<State> state_;
};

// The video that runs make. All have the first one's size, rate and options, and are appended in order of
// time.
class H264File {
 public:
  static Result<std::unique_ptr<H264File>> create(const std::filesystem::path& path);
  ~H264File();
  H264File(const H264File&) = delete;
  H264File& operator=(const H264File&) = delete;
  Result<base::Done> append(const H264Run& run);  // each run once, finished
  Result<base::Done> finish();

 private:
  struct State;
  explicit H264File(std::unique_ptr<State> state);
  const std::unique_ptr<State> state_;
};

}  // namespace piste::video
