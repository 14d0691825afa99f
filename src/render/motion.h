// Authored phrases as scenes: a motion description (samples/README.md) with its scoring log.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "render/error.h"
#include "render/scene.h"
#include "render/script.h"

namespace piste::render {

// At most 1 MiB. Errors say what is wrong and where: "fencers.left.actions[2].to: must be ...".
Result<Scene> load_motion(const std::filesystem::path& path);
Result<Scene> parse_motion(std::string_view json);

// A file's text, of at most 1 MiB.
Result<std::string> read_description(const std::filesystem::path& path);
// The two fencers alone: neither times nor what the box saw.
Result<Scene> perform(const Script& script);

}  // namespace piste::render
