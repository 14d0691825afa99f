// Who one is, and how a device becomes one: GET /me, POST and GET /pair, POST /pair/claim, DELETE /pair/{id}.
#pragma once

#include "server/reply.h"
#include "server/routes.h"

namespace piste::server {

Reply me_reply(const Question& asked);
Reply offer_reply(const Question& asked);
Reply claim_reply(const Question& asked);
Reply devices_reply(const Question& asked);
Reply unpair_reply(const Question& asked);

}  // namespace piste::server
