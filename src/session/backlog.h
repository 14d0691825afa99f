// Phrases whose analysis an earlier run did not finish: analysed again, a few at a time, so that those who
// stream now have their share of the machine. Thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <set>

namespace piste::session {

class Session;

class Backlog {
 public:
  static constexpr std::size_t at_once = 2;

  // session: complete, its analysis not begun. Begins those that fit.
  void add(std::shared_ptr<Session> session);
  // This one is over, whether it was of the backlog or not: the next one may begin.
  void ended(const Session& session);
  // Begins no more.
  void stop();

 private:
  void begin();

  std::mutex mutex_;
  // Guarded by mutex_.
  std::deque<std::shared_ptr<Session>> waiting_;
  std::set<const Session*> running_;
  bool stopped_ = false;
};

}  // namespace piste::session
