// GET /sessions/{id}, its /result, /artifacts/{name}, /keypoints and /curves: what became of a phrase, asked
// for over any connection.
#pragma once

#include <optional>
#include <string>

#include "server/reply.h"
#include "server/service.h"
#include "server/target.h"

namespace piste::server {

// nullopt when the path is another one. A session shows to its owner only.
std::optional<Reply> answer_session(const Request& request, const Target& target, const std::string& owner,
                                    const Service& service);

}  // namespace piste::server
