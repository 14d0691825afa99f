// What is behind a Registry: what all sessions share. For the session module's own files.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "base/byte_budget.h"
#include "base/mutex.h"
#include "recording/disk.h"
#include "session/accounts.h"
#include "session/allowance.h"
#include "session/archive.h"
#include "session/backlog.h"
#include "session/counters.h"
#include "session/every_second.h"
#include "session/phrase_folder.h"
#include "session/reaper.h"
#include "session/recovery.h"
#include "session/registry.h"
#include "session/seating.h"
#include "session/unfinished.h"

namespace piste::session {

struct RegistryState {
  RegistryState(pipeline::Engine& used, const Limits& chosen, recording::Disk& written);
  ~RegistryState();

  // Ends sessions without a connection beyond the limit: first the oldest that has not heard session_end.
  // Those that are being analysed stay.
  void trim_detached();
  // Of a phrase that begins: larger than any that was seen.
  std::int64_t next_sequence() { return ++sequence; }
  void saw_sequence(std::int64_t seen);
  // Once a second, each on a thread of its own: brings to the disk what was stored since (Fsync::interval);
  // does what takes its time.
  void sync();
  void tend(TimePoint now);
  void begin_tidying();  // tend(), from now on

  pipeline::Engine& engine;
  const Limits limits;
  const Shelf shelf;
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
  base::Mutex tending;                          // held during tend()
  TimePoint next_look GUARDED_BY(tending) = TimePoint::min();
  std::optional<EverySecond> syncing, tidying;  // last: they use all of the above; none: nothing to do yet
};

}  // namespace piste::session
