// How long to wait before the next attempt: twice as long each time, and not the same for all clients of a
// server that has just come back.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>
#include <utility>

namespace piste::client {

class Backoff {
 public:
  using Delay = std::chrono::milliseconds;
  static constexpr Delay first{250};
  static constexpr Delay longest{5'000};

  explicit Backoff(unsigned seed) : random_(seed) {}

  // From half of it to all of it.
  Delay next() {
    const Delay most = std::exchange(most_, std::min(2 * most_, longest));
    return Delay(std::uniform_int_distribution<Delay::rep>(most.count() / 2, most.count())(random_));
  }

 private:
  std::minstd_rand random_;
  Delay most_ = first;
};

}  // namespace piste::client
