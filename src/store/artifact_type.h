// The files of a phrase that are shown and stored, by their names.
#pragma once

#include <optional>
#include <string_view>

namespace piste::store {

// What such a file is, as HTTP says it; nullopt: no file of a phrase has this name.
std::optional<std::string_view> artifact_type(std::string_view name);

}  // namespace piste::store
