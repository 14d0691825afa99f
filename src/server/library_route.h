// GET /sessions: the phrases of whoever asks, the newest first. PUT and DELETE of .../human_verdict, PATCH
// and DELETE of a phrase: what people say of it.
#pragma once

#include "server/reply.h"
#include "server/routes.h"

namespace piste::server {

Reply list_reply(const Question& asked);

// GET, PUT and DELETE of a person's verdict.
Reply said_reply(const Question& asked);
Reply say_reply(const Question& asked);
Reply take_back_reply(const Question& asked);
// Name, bout, fencers, tags.
Reply patch_reply(const Question& asked);
Reply delete_reply(const Question& asked);

}  // namespace piste::server
