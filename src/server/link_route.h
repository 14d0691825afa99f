// POST /sessions/{id}/links, and who comes with such a link.
#pragma once

#include <optional>
#include <string>

#include "server/access.h"
#include "server/reply.h"
#include "server/routes.h"

namespace piste::server {

Reply link_reply(const Question& asked);
// What "?sig=" lets this request read; nothing: it brings none that is good. address: the peer's.
std::optional<Grant> linked_grant(const Found& found, const Target& target, const std::string& address,
                                  const Service& service);

}  // namespace piste::server
