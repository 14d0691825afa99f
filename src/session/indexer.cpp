#include "session/indexer.h"

#include <exception>

#include "base/log.h"
#include "session/library_entry.h"

namespace piste::session {
namespace {

constexpr std::size_t most_waiting = 2;  // of the server's threads for that, which are four at least

}  // namespace

Indexer::Indexer(library::Library* library) : library_(library), thread_([this] { run(); }) {}

Indexer::~Indexer() {
  {
    const base::Lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Indexer::add(const SessionKey& key, const std::filesystem::path& directory) {
  {
    const base::Lock lock(mutex_);
    added_.emplace_back(key, directory);
    ++pending_[key.owner];
  }
  changed_.notify_all();
}

void Indexer::settle(const std::string& owner, std::chrono::milliseconds longest) {
  const auto until = std::chrono::steady_clock::now() + longest;
  base::Lock lock(mutex_);
  if (waiting_ == most_waiting) return;
  ++waiting_;
  while (pending_.contains(owner) && std::chrono::steady_clock::now() < until)
    changed_.wait_until(lock, until);
  --waiting_;
}

void Indexer::run() {
  base::Lock lock(mutex_);
  while (true) {
    while (!stopping_ && added_.empty()) changed_.wait(lock);
    if (stopping_) return;
    const Added one = added_.front();
    lock.unlock();
    put(one);
    lock.lock();
    added_.pop_front();
    if (--pending_[one.first.owner] == 0) pending_.erase(one.first.owner);
    changed_.notify_all();
  }
}

// One phrase that cannot be read keeps nobody else out.
void Indexer::put(const Added& one) {
  try {
    if (!library_->has(one.second.filename().string())) index(*library_, one.first, one.second);
  } catch (const std::exception& failure) {
    base::log::error(one.first.id, std::string("not put into the library: ") + failure.what());
  }
}

}  // namespace piste::session
