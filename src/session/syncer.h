// Once a second, on a thread of its own, what is done for the disk: brings to it what was written since, so
// that a crash of the machine costs a second of frames and no frame waits; and what takes its time.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace piste::session {

class Syncer {
 public:
  // sync: called each time, the first time at once; it may take as long as the disk does.
  explicit Syncer(std::function<void()> sync);
  ~Syncer();
  Syncer(const Syncer&) = delete;
  Syncer& operator=(const Syncer&) = delete;

 private:
  void run();

  const std::function<void()> sync_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;     // last: it uses all of the above
};

}  // namespace piste::session
