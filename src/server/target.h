// A request's target, taken apart.
#pragma once

#include <string>
#include <string_view>

namespace piste::server {

// A target that is no URL has an empty path. Where the path begins with a piste's name (/piste-A/stream), by
// which a balancer knows the node, that is left out.
struct Target {
  std::string path;
  std::string query;        // as sent, still percent-encoded
  std::string prefix = {};  // what was left out, "/piste-A"
};
Target split_target(std::string_view target);

// The value of a parameter, decoded; empty where there is none. query: as in Target.
std::string parameter_in(std::string_view query, std::string_view name);
// The value of `token`, decoded; empty where there is none. query: as in Target.
std::string token_in(std::string_view query);

}  // namespace piste::server
