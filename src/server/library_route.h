// GET /sessions: the phrases of whoever asks, the newest first. PUT and DELETE of .../human_verdict, PATCH
// and DELETE of a phrase: what people say of it.
#pragma once

#include <string>
#include <string_view>

#include "server/reply.h"
#include "server/service.h"
#include "server/target.h"

namespace piste::server {

Reply list_reply(const Target& target, const std::string& owner, const Service& service);

// GET, PUT, DELETE. body: of the request.
Reply human_verdict_reply(const Request& request, std::string_view body, const session::SessionKey& key,
                          const Service& service);
// PATCH: name, bout, fencers, tags.
Reply patch_reply(const Request& request, std::string_view body, const session::SessionKey& key,
                  const Service& service);
Reply delete_reply(const session::SessionKey& key, const Service& service);

}  // namespace piste::server
