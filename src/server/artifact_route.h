// GET /sessions/{id}/artifacts/{name}: a file of a phrase that is over, whole or in part.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "server/reply.h"

namespace piste::server {

// directory: of the phrase. query: of the target; with ?v= and the folder's name the answer may be kept for
// ever. name: as it came, decoded.
Reply artifact_reply(const Request& request, const std::filesystem::path& directory, std::string_view name,
                     std::string_view query);
// The same of a file wherever it is. folder: the phrase's, by name; type: of store/artifact_type.h.
Reply file_reply(const Request& request, std::shared_ptr<const Readable> file, std::string_view folder,
                 std::string_view name, std::string_view type, std::string_view query);

}  // namespace piste::server
