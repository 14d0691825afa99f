// Phrases whose analysis an earlier run did not finish: analysed again, a few at a time, so that those who
// stream now have their share of the machine. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <set>

#include "base/mutex.h"

namespace piste::session {

class Backlog {
 public:
  static constexpr std::size_t at_once = 2;

  // Begins the analysis of a phrase that is complete; false: it has ended meanwhile. Called without a lock
  // held.
  using Begin = std::function<bool()>;

  // phrase: no two have the same. Begins those that fit.
  void add(std::uint64_t phrase, Begin begin);
  // Somebody waits for this one: it goes before those that nobody waits for.
  void hurry(std::uint64_t phrase);
  // This one is over, whether it was of the backlog or not: the next one may begin.
  void ended(std::uint64_t phrase);
  // Begins no more.
  void stop();

 private:
  void begin_those_that_fit();

  struct Waiting {
    std::uint64_t phrase = 0;
    Begin begin;
    bool hurried = false;
  };
  Waiting take_next() REQUIRES(mutex_);

  base::Mutex mutex_;
  std::deque<Waiting> waiting_ GUARDED_BY(mutex_);
  std::set<std::uint64_t> running_ GUARDED_BY(mutex_);
  bool stopped_ GUARDED_BY(mutex_) = false;
};

}  // namespace piste::session
