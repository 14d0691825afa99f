// A piece of a phrase that is over, as a film of its own.
#pragma once

#include <filesystem>
#include <functional>

#include "pipeline/engine.h"
#include "types/frame.h"

namespace piste::pipeline {

// An MP4 (H.264) of the frames from the first to the last, whole, with their own times or, slowed down,
// longer ones. Blocks. cancelled: polled between frames.
Result<types::Bytes> make_clip(const std::filesystem::path& directory, const Clip& clip,
                               const std::function<bool()>& cancelled);

}  // namespace piste::pipeline
