// Uploads that are judged later: two at a time, the oldest that gets a seat first. They are on the disk; a
// service that is started again goes on with them. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <thread>

#include "base/mutex.h"
#include "session/registry.h"
#include "session/upload.h"

namespace piste::server {

class Jobs {
 public:
  explicit Jobs(session::Registry& registry);
  ~Jobs();  // what has begun is begun anew by the next run
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  // Precondition: it is kept.
  void add(std::unique_ptr<session::Upload> upload);

 private:
  void run();
  void take_left() REQUIRES(mutex_);
  std::unique_ptr<session::Upload> next();
  void judge(std::unique_ptr<session::Upload> upload);
  void pause();

  session::Registry& registry_;
  std::atomic<bool> stopping_ = false;
  base::Mutex mutex_;
  base::Condition changed_;
  std::deque<std::unique_ptr<session::Upload>> waiting_ GUARDED_BY(mutex_);
  std::array<std::thread, 2> threads_;  // last: they use all of the above
};

}  // namespace piste::server
