// The pictures of a video file twice over: to look at, and as they are kept. What nobody will look at is
// passed over as cheaply as can be.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "pipeline/engine.h"
#include "types/frame.h"
#include "video/reader.h"

namespace piste::pipeline {

struct Shot {
  std::int64_t number = 0;
  double time = 0;                      // s since the video's first picture
  std::shared_ptr<types::Frame> frame;  // null: it was passed over, or cannot be decoded
  types::EncodedFrame kept;             // JPEG: the file's own where it has them; no timestamp
};

// Not thread-safe; calls that follow one another may come from different threads.
class FilmShots {
 public:
  static Result<std::unique_ptr<FilmShots>> open(const std::filesystem::path& video);

  const video::StreamInfo& info() const { return reader_->info(); }
  // The next picture, nullopt at the end. Those before this moment are passed over, some hundred at a time:
  // the last of them is then what is returned.
  Result<std::optional<Shot>> next(double from);

 private:
  explicit FilmShots(std::unique_ptr<video::Reader> reader) : reader_(std::move(reader)) {}
  Result<std::optional<Shot>> next_jpeg(double from);
  Result<std::optional<Shot>> next_picture(double from);

  const std::unique_ptr<video::Reader> reader_;
};

}  // namespace piste::pipeline
