#include "session/box_tellers.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/log.h"
#include "base/steady.h"
#include "protocol/json_text.h"

namespace piste::session {
namespace {

using protocol::JsonObject;

// What a camera's offset may add to a time. Who is wrong beyond that would make all else look old.
constexpr double latest = 10;  // s from now

std::string seconds_since(BoxTellers::TimePoint then, BoxTellers::TimePoint now) {
  const std::chrono::duration<double> passed = now - then;
  return base::json_number(std::round(passed.count() * 10) / 10);
}

}  // namespace

BoxTellers::Taken<std::int64_t> BoxTellers::open(const protocol::BoxOpen& open, const std::string& owner,
                                                 const void* connection, TimePoint now) {
  const auto refuse = [](std::string why) {
    return base::Error<Refusal>{Refusal::not_yours, std::move(why)};
  };
  const base::Lock lock(mutex_);
  const auto known = tellers_.find(open.piste);
  if (known == tellers_.end() && !make_room(now)) return refuse("Too many pistes are told of already");
  if (known != tellers_.end() && known->second.source.empty())
    return refuse("The service hears the box of piste " + open.piste + " itself");
  if (known != tellers_.end() && known->second.owner != owner && is_claimed(known->second, now))
    return refuse("Another token's owner tells of the box of piste " + open.piste);
  Teller& teller = tellers_[open.piste];
  if (teller.source != open.source) {
    teller = {};
    teller.source = open.source;
    base::log::info("",
                    "The box of piste " + open.piste + " is told of by a program (" + open.protocol + ")");
  }
  teller.owner = owner;
  teller.protocol = open.protocol;
  teller.connection = connection;
  teller.last = now;
  return teller.next;
}

BoxTellers::Taken<std::int64_t> BoxTellers::tell(const protocol::BoxEvents& told, const void* connection,
                                                 TimePoint now) {
  const base::Lock lock(mutex_);
  const auto found = tellers_.find(told.piste);
  if (found == tellers_.end() || found->second.connection != connection)
    return base::Error<Refusal>{Refusal::not_yours, "Another program tells of the box of piste " +
                                                        told.piste + " now, or box_open is missing"};
  Teller& teller = found->second;
  teller.last = now;
  std::int64_t number = told.first;
  for (const boxes::Event& event : told.events) {
    if (number++ < teller.next) continue;  // it was here already
    pass_on(told.piste, teller, event, now);
  }
  teller.next = std::max(teller.next, number);
  return teller.next;
}

void BoxTellers::close(const void* connection, TimePoint now) {
  const base::Lock lock(mutex_);
  for (auto& [piste, teller] : tellers_) {
    if (teller.connection != connection) continue;
    teller.connection = nullptr;
    teller.left = now;
  }
}

// However long its box has had nothing to say: a fencer rests, a hall is at lunch.
bool BoxTellers::is_claimed(const Teller& teller, TimePoint now) {
  return teller.connection || now - std::max(teller.last, teller.left) < claim;
}

void BoxTellers::hear(const std::string& piste, const std::string& protocol, TimePoint now) {
  const base::Lock lock(mutex_);
  Teller& teller = tellers_[piste] = {};
  teller.protocol = protocol;
  teller.last = now;
}

void BoxTellers::tell(const std::string& piste, const boxes::Event& event, TimePoint now) {
  const base::Lock lock(mutex_);
  const auto found = tellers_.find(piste);
  // One that was left, and that a program tells of since then, is not told of twice.
  if (found != tellers_.end() && found->second.source.empty()) pass_on(piste, found->second, event, now);
}

void BoxTellers::leave(const std::string& piste) {
  const base::Lock lock(mutex_);
  tellers_.erase(piste);
}

void BoxTellers::pass_on(const std::string& piste, Teller& teller, boxes::Event event, TimePoint now) {
  if (const auto* link = std::get_if<boxes::Link>(&event.what)) teller.link = *link;
  event.moment.at = std::min(event.moment.at, base::steady_seconds(now) + latest);
  ++teller.events;
  teller.last = now;
  pistes_.tell(piste, event);
}

bool BoxTellers::make_room(TimePoint now) {
  if (tellers_.size() < Pistes::most_pistes) return true;
  return std::erase_if(tellers_, [&](const auto& entry) {
           const Teller& teller = entry.second;
           return !teller.source.empty() && !is_claimed(teller, now);
         }) > 0;
}

std::string BoxTellers::json(TimePoint now) const {
  const base::Lock lock(mutex_);
  if (tellers_.empty()) return {};
  std::string list = "{";
  for (const auto& [piste, teller] : tellers_) {
    JsonObject box;
    box.add("protocol", teller.protocol).add("told_by", teller.source.empty() ? "service" : "program");
    if (!teller.source.empty()) box.add("connected", teller.connection != nullptr);
    box.add("link", teller.link && teller.link->on);
    if (teller.link && !teller.link->note.empty()) box.add("note", teller.link->note);
    box.add("events", teller.events).raw("idle_seconds", seconds_since(teller.last, now));
    if (list.size() > 1) list += ',';
    list += protocol::json_string(piste) + ':' + box.text();
  }
  return list + '}';
}

}  // namespace piste::session
