// A number of bytes that all sessions share (REFEREE_MAX_STREAMING_MEMORY_MB). Whoever keeps foreign bytes in
// memory holds a Lease for them; the bytes go back when the lease dies. Thread-safe, lock-free, never blocks.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>

#include "base/lease.h"

namespace piste::base {

class ByteBudget {
 public:
  explicit ByteBudget(std::size_t limit) : limit_(limit) {}
  ByteBudget(const ByteBudget&) = delete;
  ByteBudget& operator=(const ByteBudget&) = delete;

  using Lease = base::Lease<ByteBudget>;

  // nullopt when the bytes do not fit: the caller then works without keeping them in memory.
  std::optional<Lease> try_acquire(std::size_t bytes) {
    std::size_t used = used_.load(std::memory_order_relaxed);
    do {
      if (bytes > limit_ || used > limit_ - bytes) return std::nullopt;
    } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
    return Lease(*this, bytes);
  }

  std::size_t used() const { return used_.load(std::memory_order_relaxed); }
  std::size_t limit() const { return limit_; }

 private:
  friend Lease;
  void give_back(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

  const std::size_t limit_;
  std::atomic<std::size_t> used_{0};
};

}  // namespace piste::base
