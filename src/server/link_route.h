// POST /sessions/{id}/links, and who comes with such a link.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/reply.h"
#include "server/service.h"
#include "server/target.h"

namespace piste::server {

Reply link_reply(std::string_view body, const session::SessionKey& key, const Service& service);
// Whose phrase "?sig=" lets this request read; nothing: none.
std::optional<std::string> linked_owner(const Request& request, const Target& target, const Service& service);

}  // namespace piste::server
