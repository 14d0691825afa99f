// Pictures to look at: what was found over the frames, beside the reference.
#pragma once

#include <filesystem>

#include "pose_accuracy.h"
#include "pose_chain.h"

namespace piste::bench {

// Every `every`th frame as FOLDER/pose_NNN.png: skeletons as lines (left red, right green, dim where the
// track is not reliable), the reference as yellow dots.
void draw_pictures(const std::filesystem::path& folder, const Clip& clip, const types::Tracks& tracks,
                   const Reference& reference, std::size_t every);

}  // namespace piste::bench
