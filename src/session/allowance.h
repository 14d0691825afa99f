// How many sessions an address may start: so many in any hour. Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "base/mutex.h"
#include "session/registry.h"

namespace piste::session {

class Allowance {
 public:
  // per_hour: 0: as many as they like.
  explicit Allowance(std::size_t per_hour) : per_hour_(per_hour) {}

  // Counts one for this address; or says how long it must wait until it may start another.
  std::optional<std::chrono::seconds> take(const std::string& address, TimePoint now);
  // How long until it may start the next; zero: now.
  std::chrono::seconds wait(const std::string& address, TimePoint now) const;

 private:
  void forget_old(TimePoint now) REQUIRES(mutex_);
  std::chrono::seconds wait_locked(const std::string& address, TimePoint now) const REQUIRES(mutex_);

  const std::size_t per_hour_;
  mutable base::Mutex mutex_;
  // Of the last hour, oldest first.
  std::map<std::string, std::deque<TimePoint>> starts_ GUARDED_BY(mutex_);
  TimePoint swept_ GUARDED_BY(mutex_){};
};

}  // namespace piste::session
