// GET /sessions/{id}, its /result, /live.jpg, /artifacts/{name}, /keypoints and /curves: what became of a
// phrase, asked for over any connection.
#pragma once

#include "server/reply.h"
#include "server/routes.h"

namespace piste::server {

Reply state_reply(const Question& asked);
Reply result_reply(const Question& asked);
Reply live_picture_reply(const Question& asked);
Reply artifact_of_reply(const Question& asked);
Reply keypoints_reply(const Question& asked);
Reply curves_reply(const Question& asked);

}  // namespace piste::server
