// A phrase as the library has it, made of what is in the phrase's folder.
#pragma once

#include <filesystem>

#include "library/library.h"
#include "session/caller.h"
#include "session/people.h"

namespace piste::session {

// As the folder has it; nobody has said anything where there is nothing to be read.
std::optional<People> people_of(const std::filesystem::path& directory);

// Into the library, or nothing where the folder has no result that can be read.
void index(library::Library& library, const SessionKey& key, const std::filesystem::path& directory);

}  // namespace piste::session
