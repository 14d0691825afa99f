// The answers that need neither a body nor an analysis: GET /, /health, /streaming/stats, and what is no
// route.
#pragma once

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

Reply answer_simple(const Request& request, const Target& target, const Service& service);

}  // namespace piste::server
