// What of a phrase is asked for or removed when its folder is gone: the store has it.
#pragma once

#include <optional>

#include "server/reply.h"
#include "server/routes.h"

namespace piste::server {

// nullopt: there is no store, or it has nothing of the kind. Waits for the network.
std::optional<Reply> stored_reply(const Found& found, const Question& asked);

}  // namespace piste::server
