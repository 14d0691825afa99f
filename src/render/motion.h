// Authored phrases as scenes: a motion description (samples/README.md) with its scoring log.
#pragma once

#include <filesystem>
#include <string_view>

#include "render/error.h"
#include "render/scene.h"

namespace piste::render {

// At most 1 MiB. Errors say what is wrong and where: "fencers.left.actions[2].to: must be ...".
Result<Scene> load_motion(const std::filesystem::path& path);
Result<Scene> parse_motion(std::string_view json);

}  // namespace piste::render
