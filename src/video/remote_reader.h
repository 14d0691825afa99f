// A file read by a decoder process. Internal to the module.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "video/reader.h"

namespace piste::video {

// patience: how long the process may take for one answer.
Result<std::unique_ptr<Reader>> open_in_decoder(const std::filesystem::path& path,
                                                std::chrono::milliseconds patience);

}  // namespace piste::video
