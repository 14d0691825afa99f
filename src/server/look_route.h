// POST /look: whether both fencers are seen in a picture, before anything is filmed.
#pragma once

#include "server/routes.h"

namespace piste::server {

Reply look_reply(const Question& asked);

}  // namespace piste::server
