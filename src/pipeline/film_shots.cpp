#include "pipeline/film_shots.h"

#include <utility>

#include "pipeline/analyser.h"
#include "video/codec.h"

namespace piste::pipeline {
namespace {

constexpr int most_passed_over = 100;  // at a time
constexpr int kept_quality = 92;

Error failed(const video::Error& error) {
  return {ErrorCode::video, error.message};
}

}  // namespace

Result<std::unique_ptr<FilmShots>> FilmShots::open(const std::filesystem::path& video) {
  auto reader = video::Reader::open_file(video);
  if (!reader) return failed(reader.error());
  return std::unique_ptr<FilmShots>(new FilmShots(std::move(*reader)));
}

Result<std::optional<Shot>> FilmShots::next(double from) {
  for (int passed = 1;; ++passed) {
    auto shot = reader_->info().jpeg ? next_jpeg(from) : next_picture(from);
    if (!shot || !*shot || (*shot)->time >= from || passed == most_passed_over) return shot;
  }
}

Result<std::optional<Shot>> FilmShots::next_jpeg(double from) {
  auto next = reader_->next_encoded();
  if (!next) return failed(next.error());
  if (!*next) return std::optional<Shot>();
  Shot shot{(*next)->number, (*next)->timestamp.value_or(0), nullptr, std::move(**next)};
  shot.kept.timestamp.reset();
  if (shot.time < from) return std::optional(std::move(shot));
  auto image = video::decode(shot.kept, reduction_for(info().width));
  if (!image) return std::optional(std::move(shot));
  types::Frame frame{shot.number, shot.time, video::scale_of(*image, shot.kept), std::move(*image)};
  shot.frame = std::make_shared<types::Frame>(std::move(frame));
  return std::optional(std::move(shot));
}

Result<std::optional<Shot>> FilmShots::next_picture(double from) {
  auto next = reader_->next();
  if (!next) return failed(next.error());
  if (!*next) return std::optional<Shot>();
  Shot shot{(*next)->number, (*next)->time, nullptr, {}};
  if (shot.time < from) return std::optional(std::move(shot));
  auto jpeg = video::encode_jpeg((*next)->image, kept_quality);
  if (!jpeg) return failed(jpeg.error());
  shot.kept = {shot.number,           std::nullopt,
               types::Encoding::jpeg, (*next)->image.width,
               (*next)->image.height, std::make_shared<const types::Bytes>(std::move(*jpeg))};
  shot.frame = std::make_shared<types::Frame>(std::move(**next));
  return std::optional(std::move(shot));
}

}  // namespace piste::pipeline
