// The service's surface: what may be asked for, by whom, and who answers it. docs/openapi.json describes the
// same, and a test holds both together.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "server/reply.h"
#include "server/role.h"
#include "server/service.h"
#include "server/target.h"
#include "session/caller.h"

namespace piste::server {

struct Question {
  const Request& request;
  const Target& target;
  std::string_view body;  // of what takes_body()
  Service& service;
  const Grant& grant;
  std::string first = {}, second = {}, third = {};  // what stands for {...} in the route's path, decoded

  session::SessionKey key() const { return {grant.caller.owner, first}; }
};

struct Route {
  http::verb method;      // of GET: HEAD too
  std::string_view path;  // "/sessions/{id}": {...} is any one segment
  bool open;              // asks for no token
  Roles roles;            // who may
  Reply (*answer)(const Question&);

  // The connection itself answers those, as far as it can.
  bool is_websocket() const { return path == "/stream" || path == "/events"; }
  bool is_upload() const { return path == "/analyze"; }
  bool takes_body() const;
};

std::span<const Route> routes();

// What a request asks for.
struct Found {
  const Route* route = nullptr;      // null: nothing of this path, or not by this method
  bool open = false;                 // asks for no token
  std::string allowed;               // the methods of this path, as in Allow; empty: there is no such path
  std::string first, second, third;  // as in Question
};
Found find_route(http::verb method, std::string_view path);
// Precondition: found.route, which is no upload. The answer to whoever may have it.
Reply answer(const Found& found, const Question& asked);
// Precondition: !found.route. Why.
Reply not_found_reply(const Found& found, const Target& target);

}  // namespace piste::server
