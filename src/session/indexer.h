// Puts phrases into the library on a thread of its own: their results are read from the disk, and the library
// writes, while sessions end that hold their mutex. Thread-safe.
#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <utility>

#include "base/mutex.h"
#include "library/library.h"
#include "session/caller.h"

namespace piste::session {

class Indexer {
 public:
  // library outlives it; null: nothing is added.
  explicit Indexer(library::Library* library);
  ~Indexer();  // what has not been put in is so after the next start

  void add(const SessionKey& key, const std::filesystem::path& directory);
  // Until all that was added of this owner's is in the library, but not for longer; and at once where several
  // wait already: whoever waits keeps one of the threads that others need.
  void settle(const std::string& owner, std::chrono::milliseconds longest);

 private:
  using Added = std::pair<SessionKey, std::filesystem::path>;
  void run();
  void put(const Added& one);

  library::Library* const library_;
  base::Mutex mutex_;
  base::Condition changed_;
  std::deque<Added> added_ GUARDED_BY(mutex_);                     // the first one stays until it is in
  std::map<std::string, std::size_t> pending_ GUARDED_BY(mutex_);  // of them, by owner
  std::size_t waiting_ GUARDED_BY(mutex_) = 0;                     // in settle()
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace piste::session
