// The frames of a phrase once they are all there: read again for the overlay, and kept as the phrase's video.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "pipeline/engine.h"
#include "recording/frame_log.h"
#include "types/frame.h"

namespace piste::pipeline {

// Called with every frame that can be decoded, in order of time; false stops.
using FrameVisitor = std::function<bool(const types::Frame&)>;

class Footage {
 public:
  virtual ~Footage() = default;
  virtual void visit(const FrameVisitor& visitor) const = 0;
  // Puts the phrase's video into the directory and returns its name there.
  virtual Result<std::string> keep_video(const std::filesystem::path& directory,
                                         const std::function<void(double)>& on_progress) const = 0;
};

// Frames that were streamed. The video is made of the received bytes, bit for bit.
class StreamedFootage : public Footage {
 public:
  struct Place {
    std::size_t index = 0;  // in the log
    double time = 0;        // seconds since frame 0
  };
  // places: in order of time. The log must outlive the footage.
  StreamedFootage(const recording::FrameLog& log, std::vector<Place> places, int reduce);
  void visit(const FrameVisitor& visitor) const override;
  Result<std::string> keep_video(const std::filesystem::path& directory,
                                 const std::function<void(double)>& on_progress) const override;

 private:
  const recording::FrameLog& log_;
  const std::vector<Place> places_;
  const int reduce_;
};

// A video file. It is its own video: linked or copied into the directory unless it lies there already.
class FileFootage : public Footage {
 public:
  explicit FileFootage(std::filesystem::path video) : video_(std::move(video)) {}
  void visit(const FrameVisitor& visitor) const override;
  Result<std::string> keep_video(const std::filesystem::path& directory,
                                 const std::function<void(double)>& on_progress) const override;

 private:
  const std::filesystem::path video_;
};

// How much smaller a JPEG of this width is decoded for the pose network, which looks at 256 pixels of it at a
// time.
int reduction_for(int width);

}  // namespace piste::pipeline
