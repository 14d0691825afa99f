#include "session/reaper.h"

#include <deque>
#include <utility>

#include "base/attempt.h"

namespace piste::session {

Reaper::Reaper() : thread_([this] { run(); }) {}

Reaper::~Reaper() {
  {
    const base::Lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Reaper::add(Ending ending) {
  {
    const base::Lock lock(mutex_);
    added_.push_back(std::move(ending));
    ++waiting_;
  }
  changed_.notify_all();
}

std::size_t Reaper::waiting() const {
  const base::Lock lock(mutex_);
  return waiting_;
}

// What was added since the last time; waits for something if asked to, and gives nothing only when there will
// be none.
std::vector<Reaper::Ending> Reaper::take_added(bool wait) {
  base::Lock lock(mutex_);
  while (wait && !stopping_ && added_.empty()) changed_.wait(lock);
  return std::exchange(added_, {});
}

void Reaper::run() {
  std::deque<Ending> ending;
  while (true) {
    for (auto& one : take_added(ending.empty())) {
      base::attempt("a session's end", one.stop);
      ending.push_back(std::move(one));
    }
    if (ending.empty()) return;
    base::attempt("a session's end", ending.front().clear);
    ending.pop_front();
    const base::Lock lock(mutex_);
    --waiting_;
  }
}

}  // namespace piste::session
