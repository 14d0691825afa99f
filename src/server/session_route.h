// GET /sessions/{id} and /sessions/{id}/result: what became of a phrase, asked for over any connection.
#pragma once

#include <optional>
#include <string>

#include "server/reply.h"
#include "server/service.h"

namespace piste::server {

// nullopt when the path is another one. path: percent-encoded, as it came. A session shows to its owner only.
std::optional<Reply> answer_session(const std::string& path, const std::string& owner,
                                    const Service& service);

}  // namespace piste::server
