#include "session/backlog.h"

#include <algorithm>
#include <utility>

namespace piste::session {

void Backlog::add(std::uint64_t phrase, Begin begin) {
  {
    const base::Lock lock(mutex_);
    waiting_.push_back({phrase, std::move(begin), false});
  }
  begin_those_that_fit();
}

void Backlog::hurry(std::uint64_t phrase) {
  const base::Lock lock(mutex_);
  const auto found = std::ranges::find(waiting_, phrase, &Waiting::phrase);
  if (found != waiting_.end()) found->hurried = true;
}

Backlog::Waiting Backlog::take_next() {
  const auto hurried = std::ranges::find(waiting_, true, &Waiting::hurried);
  const auto next = hurried == waiting_.end() ? waiting_.begin() : hurried;
  Waiting taken = std::move(*next);
  waiting_.erase(next);
  return taken;
}

void Backlog::ended(std::uint64_t phrase) {
  {
    const base::Lock lock(mutex_);
    if (running_.erase(phrase) == 0) return;
  }
  begin_those_that_fit();
}

void Backlog::stop() {
  const base::Lock lock(mutex_);
  stopped_ = true;
  waiting_.clear();
}

// Without the mutex while an analysis is begun: its session takes locks of its own.
void Backlog::begin_those_that_fit() {
  for (;;) {
    Waiting next;
    {
      const base::Lock lock(mutex_);
      if (stopped_ || waiting_.empty() || running_.size() >= at_once) return;
      next = take_next();
      running_.insert(next.phrase);
    }
    if (next.begin()) continue;
    const base::Lock lock(mutex_);
    running_.erase(next.phrase);
  }
}

}  // namespace piste::session
