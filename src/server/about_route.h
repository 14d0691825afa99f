// What the service says of itself: GET /, /openapi.json, /health, /livez, /readyz; and what /stream and
// /events are.
#pragma once

#include "server/reply.h"
#include "server/routes.h"

namespace piste::server {

Reply home_reply(const Question& asked);
Reply openapi_reply(const Question& asked);
Reply health_reply(const Question& asked);
Reply live_reply(const Question& asked);
Reply ready_reply(const Question& asked);
Reply without_upgrade_reply(const Question& asked);

}  // namespace piste::server
