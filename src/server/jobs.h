// Uploads that are judged later: two at a time, the oldest that gets a seat first. They are on the disk; a
// service that is started again goes on with them. Where several nodes share a database and a store, they are
// given to these, and any node judges them; what cannot be given to them is judged here. Thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/mutex.h"
#include "session/registry.h"
#include "session/shared_jobs.h"
#include "session/upload.h"

namespace piste::store {
class Store;
}

namespace piste::server {

class Jobs {
 public:
  // Both outlive it. store: null: there is none.
  Jobs(session::Registry& registry, const store::Store* store);
  // knows: whether an upload's owner may come, still.
  void start(std::function<bool(const std::string& owner)> knows);
  ~Jobs();  // what has begun is begun anew by the next run, or by another node
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  // Precondition: it is kept.
  void add(std::unique_ptr<session::Upload> upload);

 private:
  using Clock = std::chrono::steady_clock;
  using Waiting = std::deque<std::unique_ptr<session::Upload>>;

  void run();
  void take_left() REQUIRES(mutex_);
  std::unique_ptr<session::Upload> next();
  std::unique_ptr<session::Upload> next_of_all();
  std::unique_ptr<session::Upload> take_of_all();
  bool fetch(session::Upload& upload);
  void judge(std::unique_ptr<session::Upload> upload);
  void put_off(std::unique_ptr<session::Upload> upload);
  void fail(session::Upload& upload, const std::string& why) const;
  void pause(Clock::duration duration);

  void share();
  bool give_safely(session::Upload& upload);
  bool give_to_nodes(session::Upload& upload);
  std::optional<bool> nodes_have(const session::SharedJob& job);
  Waiting& entrance() REQUIRES(mutex_) { return shared_ ? to_share_ : waiting_; }

  session::Registry& registry_;
  const store::Store* const store_;
  session::SharedJobs* const shared_;  // null: the nodes share none
  const Clock::time_point began_ = Clock::now();
  std::function<bool(const std::string& owner)> knows_;
  std::stop_source stop_;
  base::Mutex mutex_;
  base::Condition changed_;
  Waiting waiting_ GUARDED_BY(mutex_);   // to be judged here
  Waiting to_share_ GUARDED_BY(mutex_);  // to be given to the nodes
  std::thread sharing_;
  std::array<std::thread, 2> threads_;  // last: they use all of the above
};

}  // namespace piste::server
