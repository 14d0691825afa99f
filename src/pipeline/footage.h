// The frames of a phrase once they are all there: read again for the overlay, and kept as the phrase's video.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "pipeline/engine.h"
#include "pipeline/moments.h"
#include "pipeline/streamed_overlay.h"
#include "recording/frame_log.h"

namespace piste::pipeline {

struct KeptVideo {
  std::string name;     // in the directory
  std::string damaged;  // which frames are not in it, for there was nothing left of them; empty: none
};

class Footage {
 public:
  virtual ~Footage() = default;
  // Puts the phrase's video into the directory.
  virtual Result<KeptVideo> keep_video(const std::filesystem::path& directory,
                                       const std::function<void(double)>& on_progress) const = 0;
  // Where the frames are when the video could not be kept: a text that follows why. Empty: where they were.
  virtual std::string instead_of_video() const { return {}; }
  // Draws the overlay into the directory, "overlay.mp4".
  virtual Result<base::Done> keep_overlay(const std::filesystem::path& directory,
                                          const types::Analysis& analysis,
                                          const OverlayListener& listener) const = 0;
};

// Frames that were streamed. The video is made of the received bytes, bit for bit. It is a second copy of
// them: where the disk has no room for one, none is begun, so that what little room there is stays for the
// result.
class StreamedFootage : public Footage {
 public:
  // All must outlive the footage. No overlay: none is asked for.
  StreamedFootage(const recording::FrameLog& log, const Moments& moments, StreamedOverlay* overlay);
  Result<KeptVideo> keep_video(const std::filesystem::path& directory,
                               const std::function<void(double)>& on_progress) const override;
  std::string instead_of_video() const override {
    return "; the frames stay in the server's frame log, and become the video when there is room";
  }
  Result<base::Done> keep_overlay(const std::filesystem::path& directory, const types::Analysis& analysis,
                                  const OverlayListener& listener) const override;

 private:
  const recording::FrameLog& log_;
  const Moments& moments_;
  StreamedOverlay* const overlay_;
};

// A video file. It is its own video: linked or copied into the directory unless it lies there already.
class FileFootage : public Footage {
 public:
  explicit FileFootage(std::filesystem::path video) : video_(std::move(video)) {}
  Result<KeptVideo> keep_video(const std::filesystem::path& directory,
                               const std::function<void(double)>& on_progress) const override;
  Result<base::Done> keep_overlay(const std::filesystem::path& directory, const types::Analysis& analysis,
                                  const OverlayListener& listener) const override;

 private:
  const std::filesystem::path video_;
};

}  // namespace piste::pipeline
