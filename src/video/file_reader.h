// A file read in this process. Only referee_decoder does that: FFmpeg's demuxers and decoders are not trusted
// with more. Internal to the module.
#pragma once

#include <memory>

#include "video/reader.h"

namespace piste::video {

// descriptor: of a file, open for reading; it is taken over.
Result<std::unique_ptr<Reader>> open_here(int descriptor);

}  // namespace piste::video
