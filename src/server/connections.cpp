#include "server/connections.h"

#include <vector>

namespace piste::server {

Connections::Entry Connections::add(std::weak_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  open_.emplace(next_key_, std::move(connection));
  return Entry(*this, next_key_++);
}

std::size_t Connections::size() const {
  const std::lock_guard lock(mutex_);
  return open_.size();
}

void Connections::remove(std::uint64_t key) {
  const std::lock_guard lock(mutex_);
  open_.erase(key);
}

// The calls are made outside the lock: a connection that ends removes itself.
void Connections::each(void (Connection::*call)()) const {
  std::vector<std::shared_ptr<Connection>> alive;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, weak] : open_) {
      if (auto connection = weak.lock()) alive.push_back(std::move(connection));
    }
  }
  for (const auto& connection : alive) ((*connection).*call)();
}

}  // namespace piste::server
