// Lets a stage's progress through some ten times a second: its first message, its last (progress 1), and what
// lies 100 ms after the last one that passed. Not thread-safe.
#pragma once

#include <chrono>
#include <map>
#include <string>

namespace piste::session {

class ProgressThrottle {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds interval{100};

  bool passes(const std::string& stage, double progress, TimePoint now) {
    const auto [last, first] = last_.try_emplace(stage, now);
    if (!first && progress < 1 && now - last->second < interval) return false;
    last->second = now;
    return true;
  }

 private:
  std::map<std::string, TimePoint> last_;
};

}  // namespace piste::session
