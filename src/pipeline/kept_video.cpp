#include "pipeline/kept_video.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include "base/file_text.h"

namespace piste::pipeline {

namespace fs = std::filesystem;

std::optional<double> moment_of(const fs::path& directory, std::int64_t number) {
  const auto text = base::file_text(directory / "keypoints.json");
  boost::system::error_code wrong;
  const auto all = text ? boost::json::parse(*text, wrong) : boost::json::value();
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

fs::path video_in(const fs::path& directory) {
  std::error_code failure;
  for (fs::directory_iterator entry(directory, failure); !failure && entry != fs::directory_iterator();
       entry.increment(failure)) {
    const auto& path = entry->path();
    if (path.stem() == "phrase" && path.extension() != ".txt") return path;
  }
  return {};
}

}  // namespace piste::pipeline
