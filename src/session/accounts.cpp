#include "session/accounts.h"

#include <string_view>

namespace piste::session {
namespace {

constexpr std::string_view owner_mark = "t ";

}  // namespace

// A name and an address must never meet: no address begins with a letter and a blank.
std::string client_of(const Caller& caller) {
  if (!caller.owner.empty()) return std::string(owner_mark) + caller.owner;
  return caller.address.empty() ? std::string() : "a " + caller.address;
}

Accounts::Held::Held(Accounts& accounts, const Caller& caller, Holding what, std::size_t amount)
    : accounts_(&accounts), client_(client_of(caller)), what_(what), amount_(amount) {}

void Accounts::Held::swap(Held& other) noexcept {
  std::swap(accounts_, other.accounts_);
  std::swap(client_, other.client_);
  std::swap(what_, other.what_);
  std::swap(amount_, other.amount_);
}

void Accounts::Held::give_back() {
  if (auto* accounts = std::exchange(accounts_, nullptr)) accounts->remove(client_, what_, amount_);
  amount_ = 0;
}

// A token's own number of sessions is its share of all that is counted in phrases; of uploads on their way,
// which cost little, it may have twice as many.
std::size_t Accounts::limit_of(const Caller& caller, Holding what) const {
  const std::size_t common = shares_[index(what)].of_one;
  if (caller.max_sessions == 0 || what == Holding::message_bytes || what == Holding::kept_upload)
    return common;
  return what == Holding::upload ? 2 * caller.max_sessions : caller.max_sessions;
}

std::optional<Accounts::Full> Accounts::objection_locked(const Caller& caller, Holding what,
                                                         std::size_t amount) const {
  const Sum& sum = sums_[index(what)];
  const auto beyond = [amount](std::size_t held, std::size_t limit) {
    return amount > limit || held > limit - amount;
  };
  if (beyond(sum.in_all, shares_[index(what)].in_all)) return Full::all;
  const std::string client = client_of(caller);
  if (client.empty()) return std::nullopt;
  const auto found = sum.by_client.find(client);
  const std::size_t own = found == sum.by_client.end() ? 0 : found->second;
  return beyond(own, limit_of(caller, what)) ? std::optional(Full::client) : std::nullopt;
}

std::optional<Accounts::Full> Accounts::objection(const Caller& caller, Holding what,
                                                  std::size_t amount) const {
  const base::Lock lock(mutex_);
  return objection_locked(caller, what, amount);
}

std::optional<Accounts::Full> Accounts::take(Held& held, const Caller& caller, Holding what,
                                             std::size_t amount) {
  {
    const base::Lock lock(mutex_);
    if (const auto full = objection_locked(caller, what, amount)) return full;
    add(client_of(caller), what, amount);
  }
  held = Held(*this, caller, what, amount);
  return std::nullopt;
}

Accounts::Held Accounts::charge(const Caller& caller, Holding what, std::size_t amount) {
  const base::Lock lock(mutex_);
  add(client_of(caller), what, amount);
  return Held(*this, caller, what, amount);
}

bool Accounts::resize(Held& held, const Caller& caller, std::size_t amount) {
  if (amount > held.amount_) {
    const base::Lock lock(mutex_);
    const std::size_t more = amount - held.amount_;
    if (objection_locked(caller, held.what_, more)) return false;
    add(held.client_, held.what_, more);
  } else if (amount < held.amount_) {
    remove(held.client_, held.what_, held.amount_ - amount);
  }
  held.amount_ = amount;
  return true;
}

void Accounts::add(const std::string& client, Holding what, std::size_t amount) {
  Sum& sum = sums_[index(what)];
  sum.in_all += amount;
  if (!client.empty()) sum.by_client[client] += amount;
}

void Accounts::remove(const std::string& client, Holding what, std::size_t amount) {
  const base::Lock lock(mutex_);
  Sum& sum = sums_[index(what)];
  sum.in_all -= amount;
  const auto found = sum.by_client.find(client);
  if (found == sum.by_client.end()) return;
  found->second -= amount;
  if (found->second == 0) sum.by_client.erase(found);
}

std::size_t Accounts::held(Holding what) const {
  const base::Lock lock(mutex_);
  return sums_[index(what)].in_all;
}

std::size_t Accounts::held(const Caller& caller, Holding what) const {
  const base::Lock lock(mutex_);
  const auto& by_client = sums_[index(what)].by_client;
  const auto found = by_client.find(client_of(caller));
  return found == by_client.end() ? 0 : found->second;
}

std::map<std::string, std::size_t> Accounts::held_by_owner(Holding what) const {
  std::map<std::string, std::size_t> found;
  const base::Lock lock(mutex_);
  for (const auto& [client, amount] : sums_[index(what)].by_client) {
    if (client.starts_with(owner_mark)) found.emplace(client.substr(owner_mark.size()), amount);
  }
  return found;
}

}  // namespace piste::session
