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
    waiting_.push_back(std::move(session));
  }
  changed_.notify_all();
}

void Reaper::drain() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.empty() && !working_; });
}

void Reaper::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    auto session = std::move(waiting_.front());
    waiting_.pop_front();
    working_ = true;
    lock.unlock();
    session->dispose();
    session.reset();
    lock.lock();
    working_ = false;
    changed_.notify_all();
  }
}

}  // namespace piste::session
