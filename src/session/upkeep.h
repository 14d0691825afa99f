// What is done beside the sessions, on threads of its own: once a second what was stored is brought to the
// disk (Fsync::interval), and what earlier runs have left is opened; now and then what the disk had no room
// for is tried again, and old results go. Thread-safe.
#pragma once

#include <optional>

#include "base/mutex.h"
#include "session/every_second.h"
#include "session/phrase_folder.h"
#include "session/recovery.h"
#include "session/registry.h"
#include "session/seating.h"
#include "session/unfinished.h"

namespace piste::session {

class Upkeep {
 public:
  // All outlive it. The disk is kept up with from now on.
  Upkeep(const Limits& limits, const Shelf& shelf, const Seating& seating, Recovery& recovery,
         Unfinished& unfinished);

  // tend(), from now on.
  void begin();
  // No more of anything; waits for what is in work.
  void stop();

  // What its threads do every second.
  void sync();
  void tend(TimePoint now);
  // Old results, every ten minutes; see Retention. By one thread.
  void remove_old_results(TimePoint now);

 private:
  const Limits& limits_;
  const Shelf& shelf_;
  const Seating& seating_;
  Recovery& recovery_;
  Unfinished& unfinished_;
  TimePoint next_removal_ = TimePoint::min();
  base::Mutex tending_;  // held during tend()
  TimePoint next_look_ GUARDED_BY(tending_) = TimePoint::min();
  std::optional<EverySecond> syncing_, tidying_;  // last: they use all of the above
};

}  // namespace piste::session
