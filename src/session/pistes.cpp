#include "session/pistes.h"

#include <algorithm>
#include <utility>

namespace piste::session {
namespace {

// What an event that grows old leaves behind: the score, the match's fields, since when the clock runs or
// stands.
void remember(std::map<std::size_t, boxes::Event>& holding, boxes::Event event) {
  const std::size_t kind = event.what.index();
  const auto known = holding.find(kind);
  if (const auto* clock = std::get_if<boxes::Clock>(&event.what)) {
    if (!clock->running) return;
    if (known != holding.end() && std::get<boxes::Clock>(known->second.what).running == clock->running)
      return;
  } else if (auto* match = std::get_if<boxes::Match>(&event.what)) {
    if (known != holding.end()) match->fields.merge(std::get<boxes::Match>(known->second.what).fields);
  } else if (!std::holds_alternative<boxes::Score>(event.what)) {
    return;
  }
  holding.insert_or_assign(kind, std::move(event));
}

}  // namespace

Pistes::Subscription::Subscription(Pistes& pistes, std::string piste, std::uint64_t number)
    : pistes_(&pistes), piste_(std::move(piste)), number_(number) {}

Pistes::Subscription::Subscription(Subscription&& other) noexcept
    : pistes_(std::exchange(other.pistes_, nullptr)),
      piste_(std::move(other.piste_)),
      number_(other.number_) {}

Pistes::Subscription& Pistes::Subscription::operator=(Subscription&& other) noexcept {
  std::swap(pistes_, other.pistes_);
  std::swap(piste_, other.piste_);
  std::swap(number_, other.number_);
  return *this;
}

Pistes::Subscription::~Subscription() {
  if (pistes_) pistes_->forget(piste_, number_);
}

void Pistes::tell(const std::string& name, const boxes::Event& event) {
  const base::Lock lock(mutex_);
  Piste& piste = find(name);
  piste.newest = std::max(piste.newest, event.moment.at);
  piste.last.push_back(event);
  age(piste);
  for (const auto& [number, listener] : piste.listeners) listener(event);
}

Pistes::Subscription Pistes::listen(const std::string& name, Listener listener) {
  const base::Lock lock(mutex_);
  Piste& piste = find(name);
  for (const auto& [kind, event] : piste.holding) listener(event);
  for (const boxes::Event& event : piste.last) listener(event);
  piste.listeners.emplace(++listened_, std::move(listener));
  return {*this, name, listened_};
}

void Pistes::age(Piste& piste) {
  const auto old = [&](const boxes::Event& event) { return event.moment.at < piste.newest - kept; };
  while (!piste.last.empty() && (piste.last.size() > most_events || old(piste.last.front()))) {
    remember(piste.holding, std::move(piste.last.front()));
    piste.last.pop_front();
  }
}

// Where there are too many, the one that has been silent for longest makes room: names may come from outside.
Pistes::Piste& Pistes::find(const std::string& name) {
  const auto found = pistes_.find(name);
  if (found != pistes_.end()) return found->second;
  if (pistes_.size() >= most_pistes) {
    auto silent = pistes_.end();
    for (auto it = pistes_.begin(); it != pistes_.end(); ++it) {
      if (!it->second.listeners.empty()) continue;
      if (silent == pistes_.end() || it->second.newest < silent->second.newest) silent = it;
    }
    if (silent != pistes_.end()) pistes_.erase(silent);
  }
  return pistes_[name];
}

void Pistes::forget(const std::string& name, std::uint64_t number) {
  const base::Lock lock(mutex_);
  const auto found = pistes_.find(name);
  if (found == pistes_.end()) return;
  found->second.listeners.erase(number);
  if (found->second.listeners.empty() && found->second.last.empty()) pistes_.erase(found);
}

}  // namespace piste::session
