// Whether a session may start, and its start.
#pragma once

#include <memory>

#include "base/result.h"
#include "protocol/messages.h"
#include "session/caller.h"
#include "session/channel.h"
#include "session/session.h"

namespace piste::session {

enum class AdmissionError {
  unsuitable,  // a number beyond this server's limits
  refused,     // no place, memory or disk: another time perhaps
  failed,      // the server cannot do its part
};

// The error's text is for the client, in the guide's words where it has them.
base::Result<std::shared_ptr<Session>, AdmissionError> admit(RegistryState& registry, const Caller& caller,
                                                             const protocol::SessionStart& start,
                                                             const std::shared_ptr<Channel>& channel,
                                                             TimePoint now);

}  // namespace piste::session
