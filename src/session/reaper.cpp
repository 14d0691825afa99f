#include "session/reaper.h"

#include <utility>

#include "session/session.h"

namespace piste::session {

Reaper::Reaper() : thread_([this] { run(); }) {}

Reaper::~Reaper() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Reaper::add(std::shared_ptr<Session> session) {
  {
    const std::scoped_lock lock(mutex_);
    added_.push_back(std::move(session));
    ++waiting_;
  }
  changed_.notify_all();
}

std::size_t Reaper::waiting() const {
  const std::scoped_lock lock(mutex_);
  return waiting_;
}

// What was added since the last time; waits for something if asked to, and gives nothing only when there will
// be none.
Reaper::Sessions Reaper::take_added(bool wait) {
  std::unique_lock lock(mutex_);
  if (wait) changed_.wait(lock, [this] { return stopping_ || !added_.empty(); });
  return std::exchange(added_, {});
}

void Reaper::run() {
  std::deque<std::shared_ptr<Session>> ending;
  while (true) {
    for (auto& session : take_added(ending.empty())) {
      session->abandon();
      ending.push_back(std::move(session));
    }
    if (ending.empty()) return;
    ending.front()->dispose();
    ending.pop_front();
    const std::scoped_lock lock(mutex_);
    --waiting_;
  }
}

}  // namespace piste::session
