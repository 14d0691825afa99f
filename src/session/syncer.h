// Brings to the disk, once a second, what was written since: a crash of the machine then costs a second of
// frames, and no frame waits for the disk. One thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace piste::session {

class Syncer {
 public:
  // sync: called each time; it may take as long as the disk does.
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
