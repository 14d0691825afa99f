// The answers that need neither a body nor an analysis: GET /, /health, /streaming/stats, and what is no
// route.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/reply.h"
#include "server/service.h"
#include "server/target.h"

namespace piste::server {

// What is answered without a token: the page's files, GET /health, /livez, /readyz. nullopt for all else.
std::optional<Reply> answer_open(const Request& request, const Target& target, const Service& service);
// owner: of the token that came with the request.
// body: of a request that takes_body().
Reply answer_simple(const Request& request, const Target& target, std::string_view body,
                    const Service& service, const std::string& owner);
// Whether it changes something by a small body.
bool takes_body(const Request& request, const Target& target);

}  // namespace piste::server
