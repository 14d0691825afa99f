// A look into the artifacts.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace piste::e2e {

// The pictures of a video, each decoded.
std::size_t count_frames(const std::filesystem::path& video);

// The index of an MP4 comes before its data, so that it plays while it loads.
bool is_faststart(const std::string& mp4);

// The names of a workbook's sheets, in order.
std::vector<std::string> sheets(const std::filesystem::path& workbook);

}  // namespace piste::e2e
