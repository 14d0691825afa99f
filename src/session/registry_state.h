// What is behind a Registry: what all sessions share. For the session module's own files.
#pragma once

#include <optional>

#include "base/byte_budget.h"
#include "session/allowance.h"
#include "session/archive.h"
#include "session/backlog.h"
#include "session/counters.h"
#include "session/folder_lock.h"
#include "session/reaper.h"
#include "session/registry.h"
#include "session/seating.h"
#include "session/syncer.h"

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
  Allowance allowance;
  Counters counters;
  Archive archive;
  Seating seating;
  Backlog backlog;
  Reaper reaper;

  std::optional<FolderLock> folder;             // of the output folder: while we live, no other takes it over
  TimePoint next_retention = TimePoint::min();  // the sweep's
  std::optional<Syncer> syncer;                 // with Fsync::interval
};

}  // namespace piste::session
