#include "pipeline/footage.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "pipeline/frame_numbers.h"
#include "video/codec.h"
#include "video/reader.h"
#include "video/writer.h"

namespace piste::pipeline {

namespace {

constexpr std::uint64_t spared = 8 << 20;  // bytes of the disk that no second copy of the frames takes
constexpr int piece_frames = 60;           // of a file's overlay: encoded, they wait in memory

using artifacts::Look;

// s, of the phrase's last frame: what is shown again comes behind it.
double last_time_of(const types::Analysis& analysis) {
  const auto& points = analysis.tracks.left.points;
  return points.empty() ? 0 : points.back().time;
}

// One frame after the other, in pieces: the phrase, and beside it what is shown again behind it.
class FileOverlay {
 public:
  FileOverlay(std::filesystem::path path, const types::Analysis& analysis)
      : path_(std::move(path)), analysis_(analysis), repeat_(artifacts::repeat_of(analysis)) {}

  Result<base::Done> write(const types::Frame& frame) {
    if (auto written = write(whole_, frame); !written) return written;
    if (const auto appended = append(whole_.runs); !appended) return appended;
    return repeat_.shows(frame.time) ? write(again_, frame) : Result<base::Done>(base::Done{});
  }

  Result<base::Done> finish() {
    Part& last = again_.piece ? again_ : whole_;
    if (!last.piece) return failed("there is no frame to draw on");
    if (const auto held = last.piece->hold(); !held) return failed(held.error().message);
    for (Part* part : {&whole_, &again_}) {
      if (!part->piece) continue;
      if (auto ended = end_piece(*part); !ended) return ended;
      if (auto appended = append(part->runs); !appended) return appended;
    }
    const auto finished = file_->finish();
    return finished ? Result<base::Done>(base::Done{}) : failed(finished.error().message);
  }

 private:
  using Runs = std::vector<std::unique_ptr<video::H264Run>>;
  struct Part {
    Look look;
    std::unique_ptr<artifacts::OverlayPiece> piece = {};
    int frames = 0;  // in the piece
    Runs runs = {};  // encoded, and not in the file yet
  };

  static Error failed(const std::string& why) { return {ErrorCode::io, why}; }

  Result<base::Done> write(Part& part, const types::Frame& frame) {
    if (part.frames == piece_frames) {
      if (auto ended = end_piece(part); !ended) return ended;
    }
    if (!part.piece) {
      auto piece = artifacts::OverlayPiece::begin(analysis_, part.look, end_ + 1 / analysis_.tracks.fps);
      if (!piece) return failed(piece.error().message);
      part.piece = std::move(*piece);
    }
    ++part.frames;
    const auto written = part.piece->write(frame);
    return written ? Result<base::Done>(base::Done{}) : failed(written.error().message);
  }

  Result<base::Done> end_piece(Part& part) {
    auto run = std::exchange(part.piece, nullptr)->finish();
    if (!run) return failed(run.error().message);
    part.frames = 0;
    part.runs.push_back(std::move(*run));
    return base::Done{};
  }

  Result<base::Done> append(Runs& runs) {
    for (const auto& run : std::exchange(runs, {})) {
      if (!file_) {
        auto file = video::H264File::create(path_);
        if (!file) return failed(file.error().message);
        file_ = std::move(*file);
      }
      if (const auto appended = file_->append(*run); !appended) return failed(appended.error().message);
    }
    return base::Done{};
  }

  const std::filesystem::path path_;
  const types::Analysis& analysis_;
  const artifacts::Repeat repeat_;
  const double end_ = last_time_of(analysis_);
  Part whole_{Look::whole};
  Part again_{Look::repeat};
  std::unique_ptr<video::H264File> file_;
};

// A file without times has those that the log told.
void give_time(types::Frame& frame, const types::Analysis& analysis) {
  const auto& points = analysis.tracks.left.points;
  const auto point =
      std::lower_bound(points.begin(), points.end(), frame.number,
                       [](const auto& one, std::int64_t number) { return one.number < number; });
  if (point != points.end() && point->number == frame.number) frame.time = point->time;
}

}  // namespace

StreamedFootage::StreamedFootage(const recording::FrameLog& log, const Moments& moments,
                                 StreamedOverlay* overlay)
    : log_(log), moments_(moments), overlay_(overlay) {}

Result<base::Done> StreamedFootage::keep_overlay(const std::filesystem::path&,
                                                 const types::Analysis& analysis,
                                                 const OverlayListener& listener) const {
  return overlay_->finish(analysis, moments_, listener);
}

Result<KeptVideo> StreamedFootage::keep_video(const std::filesystem::path& directory,
                                              const std::function<void(double)>& on_progress) const {
  const auto& places = moments_.places();
  if (places.empty()) return Error{ErrorCode::video, "no frames were received"};
  const auto& description = log_.description();
  std::error_code unknown;
  const auto space = std::filesystem::space(directory, unknown);
  if (!unknown && space.available < log_.bytes() + spared)
    return Error{ErrorCode::no_room, "the disk has no room for a second copy of the frames"};
  const auto sound = std::find_if(places.begin(), places.end(),
                                  [this](const Place& place) { return log_.read(place.index).ok(); });
  if (sound == places.end()) return Error{ErrorCode::video, "all frames are damaged on the disk"};
  const auto first = log_.read(sound->index);
  if (!first) return Error{ErrorCode::io, first.error().message};
  const auto encoding = video::encoding_of(first->encoding, *first->bytes);
  // What browsers play where it can be; they do not play MJPEG, in whatever container.
  const std::string name = encoding == types::Encoding::h264 ? "phrase.mp4" : "phrase.mkv";
  auto writer = video::RebuiltVideoWriter::create(directory / name, encoding, description.width,
                                                  description.height, description.fps);
  if (!writer) return Error{ErrorCode::io, writer.error().message};
  std::vector<std::int64_t> damaged;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto frame = log_.read(places[i].index);
    if (frame) {
      const auto written = (*writer)->write(*frame, places[i].time);
      if (!written && written.error().code == video::ErrorCode::io)
        return Error{ErrorCode::io, written.error().message};
      if (!written) damaged.push_back(frame->number);
    } else if (frame.error().code == recording::ErrorCode::corrupt) {
      damaged.push_back(log_.entry(places[i].index).number);
    } else {
      return Error{ErrorCode::io, frame.error().message};
    }
    on_progress(static_cast<double>(i + 1) / static_cast<double>(places.size()));
  }
  if (const auto finished = (*writer)->finish(); !finished)
    return Error{ErrorCode::io, finished.error().message};
  return KeptVideo{name, damaged.empty() ? std::string() : numbers_text(damaged)};
}

Result<base::Done> FileFootage::keep_overlay(const std::filesystem::path& directory,
                                             const types::Analysis& analysis,
                                             const OverlayListener& listener) const {
  FileOverlay overlay(directory / "overlay.mp4", analysis);
  auto reader = video::Reader::open_file(video_);
  if (!reader) return Error{ErrorCode::video, reader.error().message};
  const double total = static_cast<double>(std::max<std::size_t>(1, analysis.tracks.left.points.size()));
  double drawn = 0;
  for (;;) {
    if (listener.cancelled()) return Error{ErrorCode::cancelled, "the analysis was cancelled"};
    auto frame = (*reader)->next();
    if (!frame || !*frame) break;
    give_time(**frame, analysis);
    if (const auto written = overlay.write(**frame); !written) return written;
    listener.on_progress(std::min(1., ++drawn / total));
  }
  return overlay.finish();
}

Result<KeptVideo> FileFootage::keep_video(const std::filesystem::path& directory,
                                          const std::function<void(double)>& on_progress) const {
  std::error_code error;
  const std::string name = "phrase" + video_.extension().string();
  const auto target = directory / name;
  if (std::filesystem::equivalent(video_, target, error)) {
    on_progress(1);
    return KeptVideo{name, {}};
  }
  const auto partial = directory / (name + ".part");
  std::filesystem::copy_file(video_, partial, std::filesystem::copy_options::overwrite_existing, error);
  if (!error) std::filesystem::rename(partial, target, error);
  if (error) return Error{ErrorCode::io, "the video could not be copied: " + error.message()};
  on_progress(1);
  return KeptVideo{name, {}};
}

}  // namespace piste::pipeline
