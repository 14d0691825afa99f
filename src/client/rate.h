// How much a second, over the last seconds. Time comes in as an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

namespace piste::client {

class Rate {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit Rate(std::chrono::duration<double> span = std::chrono::seconds(3)) : span_(span) {}

  void add(std::uint64_t amount, TimePoint now) {
    total_ += amount;
    events_.push_back({now, amount});
    forget(now);
  }
  // Per second, from the oldest event that is still remembered until now.
  double per_second(TimePoint now) {
    forget(now);
    if (events_.size() < 2) return 0;
    const std::chrono::duration<double> seconds = now - events_.front().at;
    // The oldest event's amount came before its time.
    const std::uint64_t since = total_ - forgotten_ - events_.front().amount;
    return seconds.count() > 0 ? static_cast<double>(since) / seconds.count() : 0;
  }
  std::uint64_t total() const { return total_; }

 private:
  struct Event {
    TimePoint at;
    std::uint64_t amount;
  };
  void forget(TimePoint now) {
    while (!events_.empty() && now - events_.front().at > span_) {
      forgotten_ += events_.front().amount;
      events_.pop_front();
    }
  }

  std::chrono::duration<double> span_;
  std::deque<Event> events_;
  std::uint64_t total_ = 0;
  std::uint64_t forgotten_ = 0;  // of total_, left the span
};

}  // namespace piste::client
