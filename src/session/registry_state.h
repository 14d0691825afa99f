// What is behind a Registry: what all sessions share. For the session module's own files.
#pragma once

#include "base/byte_budget.h"
#include "session/archive.h"
#include "session/reaper.h"
#include "session/registry.h"
#include "session/seating.h"

namespace piste::session {

struct RegistryState {
  RegistryState(pipeline::Engine& used, const Limits& chosen);
  ~RegistryState();

  bool disk_has_room() const;
  // Ends sessions without a connection beyond the limit: first the oldest that has not heard session_end.
  // Those that are being analysed stay.
  void trim_detached();

  pipeline::Engine& engine;
  const Limits limits;
  base::ByteBudget memory;
  Archive archive;
  Seating seating;
  Reaper reaper;
};

}  // namespace piste::session
