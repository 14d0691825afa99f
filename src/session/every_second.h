// Does something once a second, on a thread of its own: what is done for the disk, so that a crash of the
// machine costs a second of frames and no frame waits; and what takes its time.
#pragma once

#include <functional>
#include <thread>

#include "base/mutex.h"

namespace piste::session {

class EverySecond {
 public:
  // deed: the first time at once; it may take as long as the disk does.
  explicit EverySecond(std::function<void()> deed);
  ~EverySecond();  // waits for the deed in work
  EverySecond(const EverySecond&) = delete;
  EverySecond& operator=(const EverySecond&) = delete;

 private:
  void run();

  const std::function<void()> deed_;
  base::Mutex mutex_;
  base::Condition changed_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace piste::session
