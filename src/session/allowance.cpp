#include "session/allowance.h"

#include <algorithm>

namespace piste::session {
namespace {

constexpr std::chrono::hours window{1};

}  // namespace

std::optional<std::chrono::seconds> Allowance::take(const std::string& address, TimePoint now) {
  if (per_hour_ == 0) return std::nullopt;
  const base::Lock lock(mutex_);
  forget_old(now);
  if (const auto wait = wait_locked(address, now); wait.count() > 0) return wait;
  auto& starts = starts_[address];
  if (starts.size() == per_hour_) starts.pop_front();  // more than an hour ago
  starts.push_back(now);
  return std::nullopt;
}

std::chrono::seconds Allowance::wait(const std::string& address, TimePoint now) const {
  const base::Lock lock(mutex_);
  return wait_locked(address, now);
}

std::chrono::seconds Allowance::wait_locked(const std::string& address, TimePoint now) const {
  const auto found = starts_.find(address);
  if (found == starts_.end() || found->second.size() < per_hour_) return std::chrono::seconds(0);
  const auto left = window - (now - found->second.front());
  return std::max(std::chrono::ceil<std::chrono::seconds>(left), std::chrono::seconds(0));
}

// Once an hour: addresses that have not come again do not stay for ever.
void Allowance::forget_old(TimePoint now) {
  if (now - swept_ < window) return;
  swept_ = now;
  std::erase_if(starts_, [&](const auto& entry) {
    return entry.second.empty() || now - entry.second.back() >= window;
  });
}

}  // namespace piste::session
