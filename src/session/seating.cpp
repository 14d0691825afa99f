#include "session/seating.h"

#include <utility>

#include "session/session.h"

namespace piste::session {
namespace {

using NoSeat = base::Error<SeatError>;

NoSeat shutting_down() {
  return {SeatError::shutting_down, "Server is shutting down"};
}

}  // namespace

void Seat::give_back() {
  if (auto* seating = std::exchange(seating_, nullptr)) seating->leave(key_, number_);
}

void Seat::vacate() {
  if (seating_) seating_->vacate(key_, number_);
}

base::Result<base::Done, SeatError> Seat::reclaim(const Caller& caller) {
  if (!seating_) return NoSeat{SeatError::gone, "The session has ended"};
  return seating_->reclaim(caller, key_, number_);
}

bool Seat::holds_id() const {
  return seating_ && seating_->holds_id(key_, number_);
}

bool Seat::holds_seat() const {
  return seating_ && seating_->holds_seat(key_, number_);
}

base::Error<SeatError> Seating::full(Accounts::Full who, const Caller& caller) const {
  if (who == Accounts::Full::all) return {SeatError::full, "Maximum concurrent sessions reached"};
  const std::string whose = caller.owner.empty() ? "your address" : "this token";
  return {SeatError::client_full, "Maximum concurrent sessions of " + whose + " reached (" +
                                      std::to_string(accounts_.held(caller, Holding::seat)) + ")"};
}

std::optional<NoSeat> Seating::objection(const Caller& caller) const {
  {
    const base::Lock lock(mutex_);
    if (refusing_) return shutting_down();
  }
  const auto who = accounts_.objection(caller, Holding::seat);
  return who ? std::optional(full(*who, caller)) : std::nullopt;
}

Seat Seating::add(const SessionKey& key, Accounts::Held seat) {
  occupants_[key] = Occupant{++last_number_, std::move(seat), {}, 0};
  return Seat(*this, key, last_number_);
}

base::Result<Seat, SeatError> Seating::take(const Caller& caller, const std::string& id) {
  const SessionKey key{caller.owner, id};
  const base::Lock lock(mutex_);
  const auto found = occupants_.find(key);
  if (found != occupants_.end() && found->second.seat && !refusing_) {
    return NoSeat{SeatError::id_in_use,
                  "Session " + id + " already exists; end it, resume it, or give another session_id"};
  }
  if (refusing_) return shutting_down();
  Accounts::Held seat;
  if (const auto who = accounts_.take(seat, caller, Holding::seat)) return full(*who, caller);
  std::uint64_t displaced = 0;
  if (found != occupants_.end() && found->second.present.session) {
    displaced = found->second.number;
    nameless_.emplace(displaced, found->second.present.session);
  }
  Seat taken = add(key, std::move(seat));
  occupants_[key].displaced = displaced;
  return taken;
}

Seat Seating::keep(const SessionKey& key) {
  const base::Lock lock(mutex_);
  if (occupants_.contains(key)) return Seat(*this, key, ++last_number_);
  return add(key, {});
}

bool Seating::holds_id(const SessionKey& key, std::uint64_t seat) const {
  const base::Lock lock(mutex_);
  return of(occupants_, key, seat) != nullptr;
}

bool Seating::holds_seat(const SessionKey& key, std::uint64_t seat) const {
  const base::Lock lock(mutex_);
  const Occupant* occupant = of(occupants_, key, seat);
  return occupant && occupant->seat;
}

std::shared_ptr<Session> Seating::occupy(const Seat& seat, std::shared_ptr<Session> session,
                                         std::shared_ptr<UploadView> upload) {
  const base::Lock lock(mutex_);
  Occupant* occupant = of(occupants_, seat.key(), seat.number());
  if (!occupant) {
    nameless_.emplace(seat.number(), std::move(session));
    return nullptr;
  }
  occupant->present = {std::move(session), std::move(upload)};
  const auto displaced = nameless_.find(std::exchange(occupant->displaced, 0));
  return displaced == nameless_.end() ? nullptr : displaced->second;
}

void Seating::leave(const SessionKey& key, std::uint64_t seat) {
  Occupant last;  // dies after the lock: a session's end may take locks of its own
  std::shared_ptr<Session> nameless;
  const base::Lock lock(mutex_);
  if (Occupant* occupant = of(occupants_, key, seat)) {
    last = std::move(*occupant);
    occupants_.erase(key);
    if (const auto displaced = nameless_.find(last.displaced); displaced != nameless_.end()) {
      occupants_[key] = Occupant{displaced->first, {}, {std::move(displaced->second), nullptr}, 0};
      nameless_.erase(displaced);
    }
  }
  if (const auto found = nameless_.find(seat); found != nameless_.end()) {
    nameless = std::move(found->second);
    nameless_.erase(found);
  }
}

void Seating::vacate(const SessionKey& key, std::uint64_t seat) {
  const base::Lock lock(mutex_);
  if (Occupant* occupant = of(occupants_, key, seat)) occupant->seat.give_back();
}

// An upload that somebody waits for was let in before the service began to stop.
base::Result<base::Done, SeatError> Seating::reclaim(const Caller& caller, const SessionKey& key,
                                                     std::uint64_t seat) {
  const base::Lock lock(mutex_);
  Occupant* occupant = of(occupants_, key, seat);
  if (!occupant) return NoSeat{SeatError::gone, "The session has ended"};
  if (occupant->seat) return base::Done{};
  const auto& upload = occupant->present.upload;
  if (refusing_ && !(upload && !upload->later)) return shutting_down();
  if (const auto who = accounts_.take(occupant->seat, caller, Holding::seat)) return full(*who, caller);
  return base::Done{};
}

void Seating::end_uploads(const std::function<bool(const std::string& owner)>& whose) {
  std::vector<std::pair<std::string, std::shared_ptr<UploadView>>> uploads;
  {
    const base::Lock lock(mutex_);
    for (const auto& [key, occupant] : occupants_) {
      if (occupant.present.upload) uploads.emplace_back(key.owner, occupant.present.upload);
    }
  }
  for (const auto& [owner, upload] : uploads) {
    if (whose(owner)) upload->ended = true;
  }
}

void Seating::refuse_new() {
  const base::Lock lock(mutex_);
  refusing_ = true;
}

std::shared_ptr<UploadView> Seating::find_upload(const SessionKey& key) const {
  const base::Lock lock(mutex_);
  const auto found = occupants_.find(key);
  return found == occupants_.end() ? nullptr : found->second.present.upload;
}

std::shared_ptr<Session> Seating::find(const SessionKey& key) const {
  const base::Lock lock(mutex_);
  const auto found = occupants_.find(key);
  return found == occupants_.end() ? nullptr : found->second.present.session;
}

std::vector<std::shared_ptr<Session>> Seating::sessions() const {
  std::vector<std::shared_ptr<Session>> found;
  const base::Lock lock(mutex_);
  for (const auto& [key, occupant] : occupants_) {
    if (occupant.present.session) found.push_back(occupant.present.session);
  }
  for (const auto& [seat, session] : nameless_) found.push_back(session);
  return found;
}

std::vector<std::shared_ptr<Session>> Seating::unseated() const {
  std::vector<std::shared_ptr<Session>> found;
  const base::Lock lock(mutex_);
  for (const auto& [key, occupant] : occupants_) {
    if (occupant.present.session && !occupant.seat) found.push_back(occupant.present.session);
  }
  for (const auto& [seat, session] : nameless_) found.push_back(session);
  return found;
}

std::map<std::string, Seating::Present> Seating::present(const std::string& owner) const {
  std::map<std::string, Present> found;
  const base::Lock lock(mutex_);
  for (const auto& [key, occupant] : occupants_) {
    if (key.owner == owner && (occupant.seat || occupant.present.upload))
      found.emplace(key.id, occupant.present);
  }
  return found;
}

}  // namespace piste::session
