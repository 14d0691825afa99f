// GET /sessions/{id}/clips/{first}-{last}.mp4: a piece of a phrase that is over, or of a bout's phrase, as a
// film. It is made for whoever asks, and not kept.
#pragma once

#include "server/reply.h"
#include "server/routes.h"

namespace piste::server {

Reply clip_reply(const Question& asked);
Reply part_clip_reply(const Question& asked);

}  // namespace piste::server
