// Ends sessions off the I/O threads: cancelling an analysis waits for the frame in work, and removing a
// phrase's files takes its time. One thread, in order; but all that wait have been told to stop, so that they
// take nothing from those that go on. Thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace piste::session {

class Reaper {
 public:
  Reaper();
  ~Reaper();  // ends what was added, then returns

  // What ends: told at once to stop, cleared away in its turn. Both keep it alive.
  struct Ending {
    std::function<void()> stop;
    std::function<void()> clear;
  };
  void add(Ending ending);
  // How many were added and are not ended yet.
  std::size_t waiting() const;

 private:
  void run();
  std::vector<Ending> take_added(bool wait);

  mutable base::Mutex mutex_;
  base::Condition changed_;
  std::vector<Ending> added_ GUARDED_BY(mutex_);
  std::size_t waiting_ GUARDED_BY(mutex_) = 0;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace piste::session
