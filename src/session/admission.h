// Whether a session may start or go on, and its start.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "protocol/messages.h"
#include "session/caller.h"
#include "session/channel.h"
#include "session/registry_state.h"
#include "session/session.h"

namespace piste::session {

enum class AdmissionError {
  unsuitable,  // a number beyond this server's limits; no such session to resume
  id_in_use,
  busy,      // no seat or no memory: soon perhaps
  too_many,  // of its address in this hour
  no_disk,   // when somebody has made room
  stopping,  // when the server is back
  failed,    // the server cannot do its part
};

// When the same may succeed; nothing: never, or (too_many) as the registry's allowance says.
std::optional<std::chrono::seconds> retry_after(AdmissionError error);

// For the client whose address has used up its hour.
std::string too_many_text(const Limits& limits, std::chrono::seconds wait);

struct Admitted {
  std::shared_ptr<Session> session;
  std::string resume_token;
};

// The errors' texts are for the client, in the guide's words where it has them.
base::Result<Admitted, AdmissionError> admit(RegistryState& registry, const Caller& caller,
                                             const protocol::SessionStart& start,
                                             const std::shared_ptr<Channel>& channel, TimePoint now);

// The session that is resumed; null when it is over: then the channel has been told what came of it. Either
// way session_resumed has been sent.
base::Result<std::shared_ptr<Session>, AdmissionError> resume(RegistryState& registry, const Caller& caller,
                                                              const protocol::SessionResume& wanted,
                                                              const std::shared_ptr<Channel>& channel,
                                                              TimePoint now);

}  // namespace piste::session
