#include "pipeline/frame_picture.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "pipeline/kept_video.h"
#include "video/codec.h"
#include "video/reader.h"

namespace piste::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr int frame_quality = 85;
constexpr int least_width = 16;

Result<types::Image> picture_at(const fs::path& video, double time) {
  auto reader = video::Reader::open_file(video);
  if (!reader) return Error{ErrorCode::video, reader.error().message};
  (*reader)->go_to(time);
  for (;;) {
    auto frame = (*reader)->next();
    if (!frame) return Error{ErrorCode::video, frame.error().message};
    if (!*frame || (*frame)->time > time + same_moment)
      return Error{ErrorCode::frame, "the phrase's video does not have this frame"};
    if ((*frame)->time > time - same_moment) return std::move((*frame)->image);
  }
}

}  // namespace

Result<types::Bytes> frame_picture(const fs::path& directory, std::int64_t number, int width) {
  const auto time = moment_of(directory, number);
  if (!time) return Error{ErrorCode::frame, "the phrase has no frame " + std::to_string(number)};
  const auto video = video_in(directory);
  if (video.empty()) return Error{ErrorCode::frame, "the phrase has no video"};
  auto image = picture_at(video, *time);
  if (!image) return image.error();
  if (width > 0 && width < image->width) {
    const int narrow = std::max(width, least_width);
    const double scale = static_cast<double>(narrow) / image->width;
    *image = video::resized(std::move(*image), narrow,
                            std::max(1, static_cast<int>(std::lround(image->height * scale))));
  }
  auto jpeg = video::encode_jpeg(*image, frame_quality);
  if (!jpeg) return Error{ErrorCode::video, jpeg.error().message};
  return std::move(*jpeg);
}

}  // namespace piste::pipeline
