// Ends sessions off the I/O threads: cancelling an analysis waits for the frame in work, and removing a
// phrase's files takes its time. One thread, in order; but all that wait have been told to stop, so that they
// take nothing from those that go on. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace piste::session {

class Session;

class Reaper {
 public:
  Reaper();
  ~Reaper();  // ends what was added, then returns

  void add(std::shared_ptr<Session> session);
  // How many were added and are not ended yet.
  std::size_t waiting() const;

 private:
  using Sessions = std::vector<std::shared_ptr<Session>>;

  void run();
  Sessions take_added(bool wait);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Sessions added_;           // guarded by mutex_
  std::size_t waiting_ = 0;  // guarded by mutex_
  bool stopping_ = false;    // guarded by mutex_
  std::thread thread_;       // last: it uses all of the above
};

}  // namespace piste::session
