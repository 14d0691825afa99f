// What is behind a Registry: what all sessions share. For the session module's own files.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>

#include "base/byte_budget.h"
#include "recording/disk.h"
#include "session/accounts.h"
#include "session/allowance.h"
#include "session/archive.h"
#include "session/backlog.h"
#include "session/counters.h"
#include "session/phrase_folder.h"
#include "session/reaper.h"
#include "session/recovery.h"
#include "session/registry.h"
#include "session/seating.h"
#include "session/syncer.h"
#include "session/unfinished.h"

namespace piste::session {

struct RegistryState {
  RegistryState(pipeline::Engine& used, const Limits& chosen, recording::Disk& written);
  ~RegistryState();

  bool disk_has_room() const;
  // Ends sessions without a connection beyond the limit: first the oldest that has not heard session_end.
  // Those that are being analysed stay.
  void trim_detached();
  Shelf shelf() const { return {disk, limits.output_dir, limits.fsync}; }
  // Of a phrase that begins: larger than any that was seen.
  std::int64_t next_sequence() { return ++sequence; }
  void saw_sequence(std::int64_t seen);
  // What is done for the disk, or takes its time, once a second.
  void tend(TimePoint now);

  pipeline::Engine& engine;
  recording::Disk& disk;
  const Limits limits;
  base::ByteBudget memory;
  Allowance allowance;
  Counters counters;
  Archive archive;
  Accounts accounts;
  Seating seating;
  Backlog backlog;
  Unfinished unfinished;
  Recovery recovery;
  Reaper reaper;

  std::atomic<std::int64_t> sequence = 0;
  TimePoint next_retention = TimePoint::min();  // the sweep's
  std::mutex tending;                           // held during tend(); guards what follows
  TimePoint next_look = TimePoint::min();
  std::optional<Syncer> syncer;  // last: it uses all of the above
};

}  // namespace piste::session
