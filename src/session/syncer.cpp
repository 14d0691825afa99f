#include "session/syncer.h"

#include <chrono>
#include <utility>

namespace piste::session {
namespace {

constexpr std::chrono::seconds interval{1};

}  // namespace

Syncer::Syncer(std::function<void()> sync) : sync_(std::move(sync)), thread_([this] { run(); }) {}

Syncer::~Syncer() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Syncer::run() {
  std::unique_lock lock(mutex_);
  do {
    lock.unlock();
    sync_();
    lock.lock();
  } while (!changed_.wait_for(lock, interval, [this] { return stopping_; }));
}

}  // namespace piste::session
