#include "pipeline/frame_picture.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "base/file_text.h"
#include "video/codec.h"
#include "video/reader.h"

namespace piste::pipeline {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

constexpr double same_moment = .002;  // s: Matroska rounds to milliseconds
constexpr int frame_quality = 85;
constexpr int least_width = 16;

// By its keypoints' file: when the frame was taken, s since the first.
std::optional<double> moment_of(const fs::path& directory, std::int64_t number) {
  const auto text = base::file_text(directory / "keypoints.json");
  boost::system::error_code wrong;
  const auto all = text ? json::parse(*text, wrong) : json::value();
  const auto* object = wrong ? nullptr : all.if_object();
  const auto* frames = object && object->contains("frames") ? object->at("frames").if_array() : nullptr;
  const auto* times = object && object->contains("times") ? object->at("times").if_array() : nullptr;
  if (!frames || !times || frames->size() != times->size()) return std::nullopt;
  for (std::size_t i = 0; i < frames->size(); ++i) {
    const auto* found = (*frames)[i].if_int64();
    if (!found || *found != number) continue;
    const double time = (*times)[i].to_number<double>(wrong);
    return wrong ? std::nullopt : std::optional(time);
  }
  return std::nullopt;
}

// phrase.mkv, .mp4, or an upload's own container.
fs::path video_in(const fs::path& directory) {
  std::error_code failure;
  for (fs::directory_iterator entry(directory, failure); !failure && entry != fs::directory_iterator();
       entry.increment(failure)) {
    const auto& path = entry->path();
    if (path.stem() == "phrase" && path.extension() != ".txt") return path;
  }
  return {};
}

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
