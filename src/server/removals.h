// Where there are several nodes: what an owner has removed at another one goes here too, also what this node
// has of it from before it was away. On a thread of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "session/every_second.h"
#include "session/registry.h"

namespace piste::store {
class Store;
}

namespace piste::server {

class Removals {
 public:
  // Both outlive it. store: null: there is none.
  Removals(session::Registry& registry, const store::Store* store);

 private:
  using Clock = std::chrono::steady_clock;

  void look();
  bool ask();
  void follow();

  session::Registry& registry_;
  const store::Store* const store_;
  std::int64_t last_ = 0;                            // the highest number that was heard
  std::map<std::string, session::Removed> waiting_;  // by folder: somebody is working on it
  Clock::time_point next_ = Clock::time_point::min();
  std::optional<session::EverySecond> thread_;  // last: it uses all of the above
};

}  // namespace piste::server
