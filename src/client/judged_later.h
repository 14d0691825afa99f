// An upload that nobody waits for (docs/protocol.md, "Without waiting for the verdict"): sent, asked for, and
// removed from the server. Each call is one request, and blocks for it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "client/error.h"
#include "client/options.h"

namespace piste::client {

// Returns the session that its result will be of. no_room: later there may be some.
Result<std::string> send_for_later(const UploadOptions& options);

// The result's JSON; nullopt: there is none yet. refused: there will be none, and why.
Result<std::optional<std::string>> result_of(const ServerUrl& server, const std::filesystem::path& ca,
                                             const std::string& session);

// All of the phrase goes from the server.
Result<base::Done> remove_phrase(const ServerUrl& server, const std::filesystem::path& ca,
                                 const std::string& session);

}  // namespace piste::client
