#include "session/backlog.h"

#include <utility>

#include "session/session.h"

namespace piste::session {

void Backlog::add(std::shared_ptr<Session> session) {
  {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back(std::move(session));
  }
  begin();
}

void Backlog::ended(const Session& session) {
  {
    const std::scoped_lock lock(mutex_);
    if (running_.erase(&session) == 0) return;
  }
  begin();
}

void Backlog::stop() {
  const std::scoped_lock lock(mutex_);
  stopped_ = true;
  waiting_.clear();
}

// Without the mutex while an analysis is begun: its session takes locks of its own.
void Backlog::begin() {
  for (;;) {
    std::shared_ptr<Session> next;
    {
      const std::scoped_lock lock(mutex_);
      if (stopped_ || waiting_.empty() || running_.size() >= at_once) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
      running_.insert(next.get());
    }
    if (next->analyse_again()) continue;
    const std::scoped_lock lock(mutex_);
    running_.erase(next.get());
  }
}

}  // namespace piste::session
