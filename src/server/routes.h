// The answers that need neither a body nor an analysis: GET /, /health, /streaming/stats, and what is no
// route.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/reply.h"
#include "server/service.h"

namespace piste::server {

// Path and query of a request target. A target that is no URL has an empty path.
struct Target {
  std::string path;
  std::string query;  // as sent, still percent-encoded
};
Target split_target(std::string_view target);

// What is answered without a token: GET /health. Nothing for all else.
std::optional<Reply> answer_open(const Request& request, const Target& target, const Service& service);
// owner: of the token that came with the request.
Reply answer_simple(const Request& request, const Target& target, const Service& service,
                    const std::string& owner);

}  // namespace piste::server
