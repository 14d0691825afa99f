// Move-only receipt for bytes that were taken from a budget: they go back when it dies. The budget outlives
// it, and has give_back(bytes), which may be called from any thread.
#pragma once

#include <cstddef>
#include <utility>

namespace piste::base {

template <class Budget>
class Lease {
 public:
  Lease() = default;
  Lease(Budget& budget, std::size_t bytes) : budget_(&budget), bytes_(bytes) {}
  Lease(Lease&& other) noexcept
      : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Lease& operator=(Lease&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Lease() {
    if (budget_) budget_->give_back(bytes_);
  }
  std::size_t bytes() const { return bytes_; }

 private:
  Budget* budget_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace piste::base
