#include "pipeline/clip.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/pending_file.h"
#include "pipeline/kept_video.h"
#include "video/reader.h"
#include "video/writer.h"

namespace piste::pipeline {
namespace {

namespace fs = std::filesystem;

Error clip_error(const std::string& why, ErrorCode code = ErrorCode::video) {
  return {code, "the clip is not made: " + why};
}

struct ClipSpan {
  double begin = 0;  // s since the first frame
  double end = 0;
};

std::optional<ClipSpan> span_of(const fs::path& directory, const Clip& clip) {
  const auto begin = moment_of(directory, clip.first), end = moment_of(directory, clip.last);
  if (!begin || !end || *begin > *end) return std::nullopt;
  return ClipSpan{*begin, *end};
}

// All of the piece that the reader has; how many pictures those are.
Result<int> copy_pictures(video::Reader& from, video::H264Writer& to, const ClipSpan& span, double speed,
                          const std::function<bool()>& cancelled) {
  std::optional<double> first;
  int pictures = 0;
  from.go_to(span.begin);
  for (;; ++pictures) {
    if (cancelled()) return clip_error("it was cancelled", ErrorCode::cancelled);
    auto frame = from.next();
    while (frame && *frame && (*frame)->time < span.begin - same_moment) frame = from.next();
    if (!frame) return clip_error(frame.error().message);
    if (!*frame || (*frame)->time > span.end + same_moment) return pictures;
    if (!first) first = (*frame)->time;
    if (auto written = to.write((*frame)->image, ((*frame)->time - *first) / speed); !written)
      return clip_error(written.error().message, ErrorCode::io);
  }
}

}  // namespace

Result<types::Bytes> make_clip(const fs::path& directory, const Clip& clip,
                               const std::function<bool()>& cancelled) {
  const auto span = span_of(directory, clip);
  if (!span) return clip_error("the phrase has no such frames", ErrorCode::frame);
  const auto film = clip.drawn ? directory / "overlay.mp4" : video_in(directory);
  std::error_code failure;
  if (film.empty() || !fs::exists(film, failure))
    return clip_error("the phrase has no such film", ErrorCode::frame);
  auto reader = video::Reader::open_file(film);
  if (!reader) return clip_error(reader.error().message);
  const auto& info = (*reader)->info();
  const base::PendingFile made(directory / "clip.mp4");  // it never gets that name
  auto writer = video::H264Writer::create(made.path(), info.width, info.height, info.fps);
  if (!writer) return clip_error(writer.error().message, ErrorCode::io);
  const auto pictures = copy_pictures(**reader, **writer, *span, clip.speed, cancelled);
  if (!pictures) return pictures.error();
  if (*pictures == 0) return clip_error("the phrase's video does not have these frames", ErrorCode::frame);
  if (auto finished = (*writer)->finish(); !finished)
    return clip_error(finished.error().message, ErrorCode::io);
  std::ifstream bytes(made.path(), std::ios::binary);
  return types::Bytes(std::istreambuf_iterator<char>(bytes), {});
}

}  // namespace piste::pipeline
