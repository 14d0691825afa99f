// How often a duration fell where: counts by upper bound, for metrics. Adding is two relaxed additions, from
// any thread.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace piste::base {

template <std::size_t N>
class Histogram {
 public:
  // bounds: seconds, ascending. What is above the last is counted apart.
  constexpr explicit Histogram(const std::array<double, N>& bounds) : bounds_(bounds) {}

  void add(double seconds) {
    const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), seconds);
    counts_[static_cast<std::size_t>(bound - bounds_.begin())].fetch_add(1, std::memory_order_relaxed);
    microseconds_.fetch_add(static_cast<std::uint64_t>(std::max(seconds, 0.0) * 1e6),
                            std::memory_order_relaxed);
  }
  void add(std::chrono::steady_clock::duration time) { add(std::chrono::duration<double>(time).count()); }

  const std::array<double, N>& bounds() const { return bounds_; }
  // index: N for what is above the last bound.
  std::uint64_t count(std::size_t index) const { return counts_[index].load(std::memory_order_relaxed); }
  double sum() const { return static_cast<double>(microseconds_.load(std::memory_order_relaxed)) / 1e6; }

 private:
  const std::array<double, N> bounds_;
  std::array<std::atomic<std::uint64_t>, N + 1> counts_{};
  std::atomic<std::uint64_t> microseconds_{0};
};

}  // namespace piste::base
