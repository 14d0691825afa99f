// Where a phrase that is over has its video, and when its frames were taken.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace piste::pipeline {

constexpr double same_moment = .002;  // s: Matroska rounds to milliseconds

// By its keypoints' file: when the frame with this number was taken, s since the first. None: it has no such
// frame.
std::optional<double> moment_of(const std::filesystem::path& directory, std::int64_t number);
// phrase.mkv, .mp4, or an upload's own container. Empty: there is none.
std::filesystem::path video_in(const std::filesystem::path& directory);

}  // namespace piste::pipeline
