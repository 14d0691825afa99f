#include "pipeline/footage.h"

#include <system_error>

#include "video/codec.h"
#include "video/reader.h"
#include "video/writer.h"

namespace piste::pipeline {

int reduction_for(int width) {
  return width >= 3200 ? 4 : width >= 1600 ? 2 : 1;
}

StreamedFootage::StreamedFootage(const recording::FrameLog& log, std::vector<Place> places, int reduce)
    : log_(log), places_(std::move(places)), reduce_(reduce) {}

void StreamedFootage::visit(const FrameVisitor& visitor) const {
  for (const Place& place : places_) {
    const auto encoded = log_.read(place.index);
    if (!encoded) continue;
    auto image = video::decode(*encoded, reduce_);
    if (!image) continue;
    const double scale = static_cast<double>(image->width) / encoded->width;
    if (!visitor({encoded->number, place.time, scale, std::move(*image)})) return;
  }
}

Result<std::string> StreamedFootage::keep_video(const std::filesystem::path& directory,
                                                const std::function<void(double)>& on_progress) const {
  const std::string name = "phrase.mkv";
  if (places_.empty()) return Error{ErrorCode::video, "no frames were received"};
  const auto& description = log_.description();
  auto writer =
      video::RebuiltVideoWriter::create(directory / name, log_.entry(places_.front().index).encoding,
                                        description.width, description.height, description.fps);
  if (!writer) return Error{ErrorCode::io, writer.error().message};
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const auto frame = log_.read(places_[i].index);
    if (!frame) return Error{ErrorCode::io, frame.error().message};
    if (const auto written = (*writer)->write(*frame, places_[i].time); !written)
      return Error{ErrorCode::io, written.error().message};
    on_progress(static_cast<double>(i + 1) / static_cast<double>(places_.size()));
  }
  if (const auto finished = (*writer)->finish(); !finished)
    return Error{ErrorCode::io, finished.error().message};
  return name;
}

void FileFootage::visit(const FrameVisitor& visitor) const {
  auto reader = video::Reader::open_file(video_);
  if (!reader) return;
  while (true) {
    const auto frame = (*reader)->next();
    if (!frame || !*frame || !visitor(**frame)) return;
  }
}

Result<std::string> FileFootage::keep_video(const std::filesystem::path& directory,
                                            const std::function<void(double)>& on_progress) const {
  std::error_code error;
  const std::string name = "phrase" + video_.extension().string();
  const auto target = directory / name;
  if (std::filesystem::equivalent(video_, target, error)) {
    on_progress(1);
    return name;
  }
  const auto partial = directory / (name + ".part");
  std::filesystem::copy_file(video_, partial, std::filesystem::copy_options::overwrite_existing, error);
  if (!error) std::filesystem::rename(partial, target, error);
  if (error) return Error{ErrorCode::io, "the video could not be copied: " + error.message()};
  on_progress(1);
  return name;
}

}  // namespace piste::pipeline
