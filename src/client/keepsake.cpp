#include "client/keepsake.h"

#include <utility>

namespace piste::client {

void Keepsake::add(const types::EncodedFrame& frame) {
  if (failure_) return;
  const double stamp = frame.timestamp.value_or(first_ + static_cast<double>(frame.number) / fps_);
  if (!writer_) {
    first_ = stamp;
    auto made = video::RebuiltVideoWriter::create(path_, frame.encoding, frame.width, frame.height, fps_);
    if (!made) {
      failure_ = made.error().message;
      return;
    }
    writer_ = std::move(*made);
  }
  const double time = stamp - first_;
  if (time <= last_) return;  // the file's times must grow
  last_ = time;
  if (const auto written = writer_->write(frame, time); !written) failure_ = written.error().message;
}

Result<std::filesystem::path> Keepsake::finish() {
  if (!failure_ && !writer_) failure_ = "no frame was recorded";
  if (!failure_) {
    if (const auto finished = writer_->finish(); !finished) failure_ = finished.error().message;
  }
  if (failure_) return Error{ErrorCode::usage, "the recording could not be saved: " + *failure_};
  return path_;
}

}  // namespace piste::client
