#include "session/every_second.h"

#include <chrono>
#include <utility>

#include "base/attempt.h"

namespace piste::session {

EverySecond::EverySecond(std::function<void()> deed) : deed_(std::move(deed)), thread_([this] { run(); }) {}

EverySecond::~EverySecond() {
  {
    const base::Lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void EverySecond::run() {
  using std::chrono::steady_clock;
  base::Lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    base::attempt("what is done every second", deed_);
    lock.lock();
    const auto next = steady_clock::now() + std::chrono::seconds(1);
    while (!stopping_ && steady_clock::now() < next) changed_.wait_until(lock, next);
  }
}

}  // namespace piste::session
