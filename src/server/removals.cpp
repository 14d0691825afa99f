#include "server/removals.h"

#include <algorithm>
#include <iterator>

#include "store/store.h"

namespace piste::server {
namespace {

constexpr std::chrono::seconds ask_interval{5};
constexpr std::int64_t most_behind = 200;  // see Directory::removed_after

}  // namespace

Removals::Removals(session::Registry& registry, const store::Store* store)
    : registry_(registry), store_(store) {
  if (registry.in_cluster()) thread_.emplace([this] { look(); });
}

// While nobody answers, each second.
void Removals::look() {
  if (Clock::now() >= next_ && ask()) next_ = Clock::now() + ask_interval;
  follow();
}

// Until there is no more; false: nobody can say.
bool Removals::ask() {
  for (;;) {
    const auto before = last_;
    const auto heard = registry_.removed_after(std::max<std::int64_t>(0, last_ - most_behind));
    if (!heard) return false;
    for (const session::Removed& one : *heard) {
      last_ = std::max(last_, one.number);
      if (registry_.has(one.folder)) waiting_.emplace(one.folder, one);
    }
    if (last_ == before) return true;
  }
}

// As when its owner removes it here: noted for the store first, so that a power cut brings nothing back.
void Removals::follow() {
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    const auto& [folder, removed] = *at;
    if (store_ && registry_.has(folder)) store_->forget(removed.key, folder);
    const bool gone = !registry_.has(folder) || registry_.remove_too(removed);
    at = gone ? waiting_.erase(at) : std::next(at);
  }
}

}  // namespace piste::server
