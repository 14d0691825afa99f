// One picture of a phrase that is over, out of its video.
#pragma once

#include <cstdint>
#include <filesystem>

#include "pipeline/engine.h"
#include "types/frame.h"

namespace piste::pipeline {

// A JPEG of the frame that has this number; width: pixels, never more than it has; 0: as it is. Blocks, for
// the frames from the key frame before it on.
Result<types::Bytes> frame_picture(const std::filesystem::path& directory, std::int64_t number, int width);

}  // namespace piste::pipeline
