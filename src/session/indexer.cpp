#include "session/indexer.h"

#include <exception>
#include <vector>

#include "base/log.h"
#include "session/library_entry.h"

namespace piste::session {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t most_waiting = 2;        // of the server's threads for that, which are four at least
constexpr std::chrono::seconds tell_again{2};  // to a shared library that cannot be asked

}  // namespace

Indexer::Indexer(library::FileLibrary* library, library::Library* shared)
    : library_(library), shared_(library ? shared : nullptr), thread_([this] { run(); }) {}

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

void Indexer::changed(const std::string& folder) {
  if (!shared_) return;
  {
    const base::Lock lock(mutex_);
    untold_.insert(folder);
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
  // What an earlier run has not told, or another program has changed, is told again.
  const std::vector<std::string> known = known_folders();
  base::Lock lock(mutex_);
  untold_.insert(known.begin(), known.end());
  while (true) {
    while (!stopping_ && added_.empty() && (untold_.empty() || steady_clock::now() < tell_from_)) {
      if (untold_.empty())
        changed_.wait(lock);
      else
        changed_.wait_until(lock, tell_from_);
    }
    if (stopping_) return;
    if (added_.empty()) {
      const std::string folder = *untold_.rbegin();  // the newest first
      untold_.erase(folder);
      lock.unlock();
      const bool told = tell(folder);
      lock.lock();
      if (!told) tell_later(folder);
      continue;
    }
    const Added one = added_.front();
    lock.unlock();
    put(one);
    lock.lock();
    added_.pop_front();
    if (--pending_[one.first.owner] == 0) pending_.erase(one.first.owner);
    changed_.notify_all();
  }
}

std::vector<std::string> Indexer::known_folders() const {
  try {
    return shared_ ? library_->folders() : std::vector<std::string>();
  } catch (const std::exception& failure) {
    base::log::error("", std::string("The library is not read: ") + failure.what());
    return {};
  }
}

void Indexer::tell_later(const std::string& folder) {
  untold_.insert(folder);
  tell_from_ = steady_clock::now() + tell_again;
}

bool Indexer::tell(const std::string& folder) {
  try {
    const auto phrase = library_->find(folder);
    const auto told = phrase ? shared_->put(*phrase) : shared_->remove(folder);
    return told || told.error().code == library::ErrorCode::refused;
  } catch (const std::exception& failure) {
    base::log::error("", std::string("The shared library is not told of ") + folder + ": " + failure.what());
    return true;
  }
}

// One phrase that cannot be read keeps nobody else out.
void Indexer::put(const Added& one) {
  try {
    const std::string folder = one.second.filename().string();
    if (library_->has(folder)) return;
    index(*library_, one.first, one.second);
    changed(folder);
  } catch (const std::exception& failure) {
    base::log::error(one.first.id, std::string("not put into the library: ") + failure.what());
  }
}

}  // namespace piste::session
