// A small file that is there whole or not at all, whatever happens meanwhile.
#pragma once

#include <filesystem>
#include <string_view>

#include "recording/frame_log.h"

namespace piste::recording {

// Replaces what is there.
Result<base::Done> write_whole(const std::filesystem::path& path, std::string_view content, Durable durable);

}  // namespace piste::recording
