// GET /sessions/{id}/frames/{number}.jpg, or hit.jpg: one picture of a phrase that is over, or of a bout's
// phrase.
#pragma once

#include "server/reply.h"
#include "server/routes.h"

namespace piste::server {

Reply frame_reply(const Question& asked);
Reply part_frame_reply(const Question& asked);

}  // namespace piste::server
