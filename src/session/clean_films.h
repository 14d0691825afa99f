// Makes the films without drawings of phrases that came as pictures (Engine::make_clean_film), one after the
// other, on a thread of the lowest priority: nobody waits for them, and what is being judged goes first. What
// has not been made when the service ends is not made. Thread-safe.
#pragma once

#include <atomic>
#include <deque>
#include <filesystem>
#include <thread>

#include "base/mutex.h"
#include "pipeline/engine.h"

namespace piste::session {

class CleanFilms {
 public:
  // The engine outlives it.
  explicit CleanFilms(const pipeline::Engine& engine);
  ~CleanFilms();

  // directory: of a phrase that has its video.
  void add(const std::filesystem::path& directory);

 private:
  void run();
  void make(const std::filesystem::path& directory) const;

  const pipeline::Engine& engine_;
  std::atomic<bool> stopping_ = false;  // set with the mutex
  base::Mutex mutex_;
  base::Condition changed_;
  std::deque<std::filesystem::path> waiting_ GUARDED_BY(mutex_);
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace piste::session
