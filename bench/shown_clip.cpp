#include "shown_clip.h"

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "pose_clip.h"
#include "video/codec.h"

namespace piste::bench {
namespace {

constexpr int kept_quality = 95;
constexpr double smaller = .6;

int resized(int pixels, double size) {
  return static_cast<int>(std::lround(pixels * size / 2)) * 2;
}

cv::Mat view_of(types::Image& image) {
  return {image.height, image.width, CV_8UC3, image.bgr.data()};
}

}  // namespace

std::vector<Showing> showings(double length, double begin_every) {
  std::vector<Showing> all{{.name = "mirrored", .mirrored = true},
                           {.name = "backwards", .backwards = true},
                           {.name = "smaller", .size = smaller}};
  for (double from = begin_every; from < length; from += begin_every)
    all.push_back({.name = "later", .from = from});
  return all;
}

ShownClip::ShownClip(const std::filesystem::path& video, const AnnotatedClip& clip, const Showing& showing)
    : clip_(clip), showing_(showing), reader_(must(video::Reader::open_file(video))) {
  if (showing.backwards) keep_all();
}

int ShownClip::width() const {
  return showing_.size == 1 ? reader_->info().width : resized(reader_->info().width, showing_.size);
}

int ShownClip::height() const {
  return showing_.size == 1 ? reader_->info().height : resized(reader_->info().height, showing_.size);
}

void ShownClip::keep_all() {
  while (auto frame = must(reader_->next())) {
    if (frame->number > clip_.last) break;
    auto jpeg = std::make_shared<const types::Bytes>(must(video::encode_jpeg(frame->image, kept_quality)));
    kept_.push_back({frame->number, frame->time, types::Encoding::jpeg, frame->image.width,
                     frame->image.height, std::move(jpeg)});
  }
}

types::Image ShownClip::as_shown(types::Image image) const {
  if (showing_.mirrored) {
    cv::Mat all = view_of(image);
    cv::flip(all, all, 1);
  }
  if (showing_.size == 1) return image;
  types::Image out{width(), height(), {}};
  out.bgr.resize(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height) * 3);
  cv::Mat to = view_of(out);
  cv::resize(view_of(image), to, to.size(), 0, 0, cv::INTER_AREA);
  return out;
}

std::optional<types::Frame> ShownClip::next() {
  if (showing_.backwards) {
    if (kept_.empty()) return std::nullopt;
    const types::EncodedFrame kept = std::exchange(kept_.back(), {});
    kept_.pop_back();
    const std::int64_t number = clip_.last - kept.number;
    return types::Frame{number, static_cast<double>(number) / fps(), 1, as_shown(must(video::decode(kept)))};
  }
  auto frame = must(reader_->next());
  while (frame && frame->time < showing_.from) frame = must(reader_->next());
  if (frame) frame->image = as_shown(std::move(frame->image));
  return frame;
}

Mark ShownClip::moved(const Mark& mark) const {
  const double size = static_cast<double>(width()) / reader_->info().width;
  const double x = showing_.mirrored ? reader_->info().width - 1 - mark.x : mark.x;
  return {x * size, mark.y * size, mark.height * size};
}

AnnotatedClip ShownClip::annotated() const {
  AnnotatedClip out{clip_.name + " " + showing_.name, clip_.last, {}};
  if (showing_.from > 0) out.name += " from " + std::to_string(std::lround(showing_.from)) + " s";
  for (const auto& [number, marks] : clip_.frames) {
    FencersMarks now;
    for (const types::Side side : types::both_sides) {
      const types::Side shown = showing_.mirrored ? opposite(side) : side;
      if (marks[side]) now[shown] = moved(*marks[side]);
    }
    out.frames[showing_.backwards ? clip_.last - number : number] = now;
  }
  return out;
}

}  // namespace piste::bench
