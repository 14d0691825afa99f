// The sessions that an earlier run of the service left in the output folder: those that are open may be
// resumed, those whose analysis was cut are analysed again, the results of the others are found by their ids.
#pragma once

#include "session/registry_state.h"

namespace piste::session {

// Once, before sessions start.
void recover(RegistryState& registry, TimePoint now);

}  // namespace piste::session
