// GET /sessions/{id}, its /result, /artifacts/{name}, /keypoints and /curves: what became of a phrase, asked
// for over any connection.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/reply.h"
#include "server/service.h"
#include "server/target.h"

namespace piste::server {

// Whose the path is; nullopt: of no session.
std::optional<std::string> session_of(std::string_view path);
// body: of a request that changes something. nullopt when the path is another one. A session shows to its
// owner only.
std::optional<Reply> answer_session(const Request& request, const Target& target, std::string_view body,
                                    const std::string& owner, const Service& service);

}  // namespace piste::server
