// What is read in this process: a camera, and a file in referee_decoder alone, for FFmpeg's demuxers and
// decoders are not trusted with more. Internal to the module.
#pragma once

#include <memory>

#include "video/input.h"
#include "video/reader.h"

namespace piste::video {

// descriptor: of a file, open for reading; it is taken over.
Result<std::unique_ptr<Reader>> open_here(int descriptor);
Result<std::unique_ptr<Reader>> read(std::unique_ptr<Input> input);

}  // namespace piste::video
