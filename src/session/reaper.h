// Ends sessions off the I/O threads: cancelling an analysis waits for the frame in work, and removing a
// phrase's files takes its time. One thread, in order. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace piste::session {

class Session;

class Reaper {
 public:
  Reaper();
  ~Reaper();  // ends what was added, then returns

  void add(std::shared_ptr<Session> session);
  // Returns when all that was added before is ended.
  void drain();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Session>> waiting_;  // guarded by mutex_
  bool working_ = false;                          // guarded by mutex_
  bool stopping_ = false;                         // guarded by mutex_
  std::thread thread_;                            // last: it uses all of the above
};

}  // namespace piste::session
