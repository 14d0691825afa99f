// Recorded phrases as scenes: rows of 17 joints, in units or in pixels.
// In a row every left/right pair is sorted by x in every frame (even: further forward). Here they become
// limbs again: the assignment that moves least, taking both fencers as right-handed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <variant>

#include "render/error.h"
#include "render/scene.h"
#include "rows/row.h"

namespace piste::render {

// By its place in the file (the first line is row 1), or by its id.
using RowChoice = std::variant<std::size_t, std::string>;

// path: JSON lines, plain or gzip.
Result<Scene> load_row(const std::filesystem::path& path, const RowChoice& choice);

// Missing joints are filled in from neighbouring frames. The scene's phrase is empty: reading the box's log
// is another module's work, and a caller who wants the lamps lit does
//   scene.phrase = scoring::parse_log(scene.scoring_log)->phrase.
Result<Scene> scene_of(const rows::Row& row);

}  // namespace piste::render
