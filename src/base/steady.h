// Moments of the steady clock as plain numbers, as they travel with frames and box events.
#pragma once

#include <chrono>

namespace piste::base {

// s since the clock's epoch.
inline double steady_seconds(std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now()) {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

}  // namespace piste::base
