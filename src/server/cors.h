// What a browser is told before and after it lets a page of another origin speak to the service (the Fetch
// standard's CORS). Whether a page is welcome is decided elsewhere (origins.h).
#pragma once

#include <optional>

#include "server/reply.h"

namespace piste::server {

// Whether the request only asks what a page may send: it brings no token, and needs none.
bool is_preflight(const Request& request);
// 204: what a page that is welcome may send.
Reply preflight_reply();
// Lets the page that the request comes from read the answer; without a page, whoever reads it.
void allow_reading(http::fields& response, const Request& request);

}  // namespace piste::server
