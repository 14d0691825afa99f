// GET /sessions/{id}/artifacts/{name}: a file of a phrase that is over, whole or in part.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "server/reply.h"

namespace piste::server {

// What such a file is; nullopt: no file of a phrase has this name.
std::optional<std::string_view> artifact_type(std::string_view name);

// directory: of the phrase. query: of the target; with ?v= and the folder's name the answer may be kept for
// ever. name: as it came, decoded.
Reply artifact_reply(const Request& request, const std::filesystem::path& directory, std::string_view name,
                     std::string_view query);

}  // namespace piste::server
