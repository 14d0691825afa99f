// A phrase's film without drawings for browsers, which do not play what cameras' pictures are kept in.
#pragma once

#include <filesystem>
#include <functional>

#include "pipeline/engine.h"

namespace piste::pipeline {

// clean.mp4 of the phrase.mkv that is in the directory, with the frames' own times and a key frame every few,
// so that each can be gone to quickly; no film of pictures there, or clean.mp4 already: nothing is done.
// Blocks. cancelled: polled between frames.
Result<base::Done> make_clean_film(const std::filesystem::path& directory,
                                   const std::function<bool()>& cancelled);

}  // namespace piste::pipeline
