// Codes that an owner shows and a device changes for a token: short, good for minutes and for once. They are
// in memory only. Thread-safe.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "server/role.h"
#include "server/tokens.h"

namespace piste::server {

class PairingCodes {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Offer {
    std::string name;  // of the owner
    Role role = Role::viewer;
    std::string description;              // of the device, for people
    std::optional<TokenHash> maker = {};  // its maker's token
  };

  static constexpr std::size_t most_open = 20;  // of a name: the oldest goes

  // The code, as people read it: "K7QF-2M9X".
  std::string offer(Offer offer, TimePoint expires);
  // What was offered by it, once. code: as a person types it.
  std::optional<Offer> claim(std::string_view code, TimePoint now);

 private:
  struct Open {
    std::string code;
    Offer offer;
    TimePoint expires;
  };
  base::Mutex mutex_;
  std::deque<Open> open_ GUARDED_BY(mutex_);  // the oldest first
};

}  // namespace piste::server
