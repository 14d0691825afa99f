#include "store/artifact_type.h"

#include <algorithm>
#include <array>
#include <utility>

namespace piste::store {
namespace {

using Named = std::pair<std::string_view, std::string_view>;

constexpr std::string_view any_bytes = "application/octet-stream";
constexpr std::string_view video_start = "phrase.";
constexpr std::array<Named, 7> fixed{{
    {"overlay.mp4", "video/mp4"},
    {"clean.mp4", "video/mp4"},
    {"phrase.txt", "text/plain; charset=utf-8"},
    {"keypoints.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"keypoints.json", "application/json"},
    {"curves.json", "application/json"},
    {"analysis_result.json", "application/json"},
}};
constexpr std::array<Named, 8> videos{{{"mp4", "video/mp4"},
                                       {"m4v", "video/mp4"},
                                       {"mov", "video/quicktime"},
                                       {"mkv", "video/x-matroska"},
                                       {"webm", "video/webm"},
                                       {"avi", "video/x-msvideo"},
                                       {"ts", "video/mp2t"},
                                       {"mjpeg", "video/x-motion-jpeg"}}};

template <std::size_t count>
std::optional<std::string_view> type_in(const std::array<Named, count>& list, std::string_view name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.first == name; });
  return found == list.end() ? std::nullopt : std::optional(found->second);
}

// As uploads are named.
bool is_extension(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

}  // namespace

std::optional<std::string_view> artifact_type(std::string_view name) {
  if (const auto type = type_in(fixed, name)) return type;
  if (!name.starts_with(video_start)) return std::nullopt;
  const std::string_view extension = name.substr(video_start.size());
  if (!is_extension(extension)) return std::nullopt;
  return type_in(videos, extension).value_or(any_bytes);
}

}  // namespace piste::store
