#include "server/connections.h"

#include <vector>

namespace piste::server {

Connections::Entry Connections::add(std::weak_ptr<Connection> connection, std::string address) {
  const base::Lock lock(mutex_);
  if (!address.empty()) ++counts_[address];
  open_.emplace(next_key_, Open{std::move(connection), std::move(address)});
  return Entry(*this, next_key_++);
}

std::size_t Connections::size() const {
  const base::Lock lock(mutex_);
  return open_.size();
}

std::size_t Connections::count(const std::string& address) const {
  const base::Lock lock(mutex_);
  const auto found = counts_.find(address);
  return found == counts_.end() ? 0 : found->second;
}

void Connections::remove(std::uint64_t key) {
  const base::Lock lock(mutex_);
  const auto found = open_.find(key);
  if (found == open_.end()) return;
  const auto counted = counts_.find(found->second.address);
  if (counted != counts_.end() && --counted->second == 0) counts_.erase(counted);
  open_.erase(found);
}

// The calls are made outside the lock: a connection that ends removes itself.
void Connections::each(void (Connection::*call)()) const {
  std::vector<std::shared_ptr<Connection>> alive;
  {
    const base::Lock lock(mutex_);
    for (const auto& [key, open] : open_) {
      if (auto connection = open.connection.lock()) alive.push_back(std::move(connection));
    }
  }
  for (const auto& connection : alive) ((*connection).*call)();
}

}  // namespace piste::server
