// The `server` argument: http, https, ws or wss (none: http), host or [IPv6], port, path prefix,
// user:password, query.
#pragma once

#include <string>
#include <string_view>

#include "client/error.h"

namespace piste::client {

struct ServerUrl {
  bool tls = false;
  std::string host;           // without brackets
  std::string port;           // "80" or "443" where the URL names none
  std::string prefix;         // "" or "/club/piste-1": never ends in '/'
  std::string query;          // "" or "?token=...": goes with every request
  std::string authorization;  // "Basic ..." where the URL has user:password, else empty

  // The request's target for a path of the guide, e.g. "/stream".
  std::string target(std::string_view path) const { return prefix + std::string(path) + query; }
  // The Host header: with brackets around IPv6, without a default port.
  std::string host_header() const;
  // For people: what is connected to. Leaves out query and password.
  std::string shown(std::string_view path) const;
};

Result<ServerUrl> parse_server_url(std::string_view text);

}  // namespace piste::client
