// Puts phrases into the library on a thread of its own: their results are read from the disk, and the library
// writes, while sessions end that hold their mutex. What is in it is told to the library that the nodes
// share, where there is one, when that can be asked. Thread-safe.
#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "library/file_library.h"
#include "session/caller.h"

namespace piste::session {

class Indexer {
 public:
  // Both outlive it; null: there is none.
  explicit Indexer(library::FileLibrary* library, library::Library* shared = nullptr);
  ~Indexer();  // what has not been put in is so after the next start

  void add(const SessionKey& key, const std::filesystem::path& directory);
  // What the library has of this folder is another, or nothing more.
  void changed(const std::string& folder);
  // Until all that was added of this owner's is in the library, but not for longer; and at once where several
  // wait already: whoever waits keeps one of the threads that others need.
  void settle(const std::string& owner, std::chrono::milliseconds longest);

 private:
  using Added = std::pair<SessionKey, std::filesystem::path>;
  void run();
  void put(const Added& one);
  std::vector<std::string> known_folders() const;
  void tell_later(const std::string& folder) REQUIRES(mutex_);
  bool tell(const std::string& folder);

  library::FileLibrary* const library_;
  library::Library* const shared_;
  base::Mutex mutex_;
  base::Condition changed_;
  std::deque<Added> added_ GUARDED_BY(mutex_);                     // the first one stays until it is in
  std::map<std::string, std::size_t> pending_ GUARDED_BY(mutex_);  // of them, by owner
  std::set<std::string> untold_ GUARDED_BY(mutex_);  // folders that the shared one must be told of
  std::chrono::steady_clock::time_point tell_from_ GUARDED_BY(mutex_);
  std::size_t waiting_ GUARDED_BY(mutex_) = 0;  // in settle()
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace piste::session
