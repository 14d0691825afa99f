// The time of day, as the protocol's timestamps have it.
#pragma once

#include <chrono>

namespace piste::client {

// Seconds since 1970.
inline double wall_clock() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace piste::client
