#include "session/seating.h"

#include <algorithm>
#include <utility>

#include "session/session.h"

namespace piste::session {
namespace {

using Error = base::Error<SeatError>;

}  // namespace

void Seat::give_back() {
  if (auto* seating = std::exchange(seating_, nullptr)) seating->leave(key_, number_);
}

void Seat::vacate() {
  if (seating_) seating_->vacate(key_, number_);
}

base::Result<base::Done, SeatError> Seat::reclaim(const Caller& caller) {
  if (!seating_) return Error{SeatError::gone, "The session has ended"};
  return seating_->reclaim(caller, key_, number_);
}

bool Seat::holds_id() const {
  return seating_ && seating_->holds_id(key_, number_);
}

bool Seat::holds_seat() const {
  return seating_ && seating_->holds_seat(key_, number_);
}

// With the mutex: why nobody may sit down now.
std::optional<Error> Seating::objection(const Caller& caller) const {
  if (refusing_) return Error{SeatError::shutting_down, "Server is shutting down"};
  if (taken_ >= seats_) return Error{SeatError::full, "Maximum concurrent sessions reached"};
  if (caller.max_sessions == 0) return std::nullopt;
  const auto own = std::count_if(occupants_.begin(), occupants_.end(), [&](const auto& entry) {
    return entry.first.owner == caller.owner && entry.second.seated;
  });
  if (static_cast<std::size_t>(own) < caller.max_sessions) return std::nullopt;
  return Error{SeatError::owner_full, "Maximum concurrent sessions of this token reached (" +
                                          std::to_string(caller.max_sessions) + ")"};
}

Seat Seating::add(const SessionKey& key, bool seated) {
  occupants_[key] = Occupant{++last_seat_, seated, nullptr, nullptr, 0};
  taken_ += seated;
  return Seat(*this, key, last_seat_);
}

base::Result<Seat, SeatError> Seating::take(const Caller& caller, const std::string& id) {
  const SessionKey key{caller.owner, id};
  const std::scoped_lock lock(mutex_);
  const auto found = occupants_.find(key);
  if (found != occupants_.end() && found->second.seated && !refusing_) {
    return Error{SeatError::id_in_use,
                 "Session " + id + " already exists; end it, resume it, or give another session_id"};
  }
  if (auto problem = objection(caller)) return *problem;
  std::uint64_t displaced = 0;
  if (found != occupants_.end() && found->second.session) {
    displaced = found->second.seat;
    nameless_.emplace(displaced, found->second.session);
  }
  Seat seat = add(key, true);
  occupants_[key].displaced = displaced;
  return seat;
}

Seat Seating::keep(const SessionKey& key) {
  const std::scoped_lock lock(mutex_);
  if (occupants_.contains(key)) return Seat(*this, key, ++last_seat_);
  return add(key, false);
}

// The occupant that still has this seat.
Seating::Occupant* Seating::of(const SessionKey& key, std::uint64_t seat) {
  const auto found = occupants_.find(key);
  return found != occupants_.end() && found->second.seat == seat ? &found->second : nullptr;
}

bool Seating::holds_id(const SessionKey& key, std::uint64_t seat) const {
  const std::scoped_lock lock(mutex_);
  const auto found = occupants_.find(key);
  return found != occupants_.end() && found->second.seat == seat;
}

bool Seating::holds_seat(const SessionKey& key, std::uint64_t seat) const {
  const std::scoped_lock lock(mutex_);
  const auto found = occupants_.find(key);
  return found != occupants_.end() && found->second.seat == seat && found->second.seated;
}

std::shared_ptr<Session> Seating::occupy(const Seat& seat, std::shared_ptr<Session> session,
                                         std::shared_ptr<UploadView> upload) {
  const std::scoped_lock lock(mutex_);
  Occupant* occupant = of(seat.key(), seat.number());
  if (!occupant) {
    nameless_.emplace(seat.number(), std::move(session));
    return nullptr;
  }
  occupant->session = std::move(session);
  occupant->upload = std::move(upload);
  const auto displaced = nameless_.find(std::exchange(occupant->displaced, 0));
  return displaced == nameless_.end() ? nullptr : displaced->second;
}

void Seating::leave(const SessionKey& key, std::uint64_t seat) {
  Occupant last;  // dies after the lock: a session's end may take locks of its own
  std::shared_ptr<Session> nameless;
  const std::scoped_lock lock(mutex_);
  if (Occupant* occupant = of(key, seat)) {
    taken_ -= occupant->seated;
    last = std::move(*occupant);
    occupants_.erase(key);
    if (const auto displaced = nameless_.find(last.displaced); displaced != nameless_.end()) {
      occupants_[key] = Occupant{displaced->first, false, std::move(displaced->second), nullptr, 0};
      nameless_.erase(displaced);
    }
  }
  if (const auto found = nameless_.find(seat); found != nameless_.end()) {
    nameless = std::move(found->second);
    nameless_.erase(found);
  }
}

void Seating::vacate(const SessionKey& key, std::uint64_t seat) {
  const std::scoped_lock lock(mutex_);
  Occupant* occupant = of(key, seat);
  if (!occupant || !occupant->seated) return;
  occupant->seated = false;
  --taken_;
}

base::Result<base::Done, SeatError> Seating::reclaim(const Caller& caller, const SessionKey& key,
                                                     std::uint64_t seat) {
  const std::scoped_lock lock(mutex_);
  Occupant* occupant = of(key, seat);
  if (!occupant) return Error{SeatError::gone, "The session has ended"};
  if (occupant->seated) return base::Done{};
  if (auto problem = objection(caller)) return *problem;
  occupant->seated = true;
  ++taken_;
  return base::Done{};
}

void Seating::refuse_new() {
  const std::scoped_lock lock(mutex_);
  refusing_ = true;
}

std::shared_ptr<UploadView> Seating::find_upload(const SessionKey& key) const {
  const std::scoped_lock lock(mutex_);
  const auto found = occupants_.find(key);
  return found == occupants_.end() ? nullptr : found->second.upload;
}

std::shared_ptr<Session> Seating::find(const SessionKey& key) const {
  const std::scoped_lock lock(mutex_);
  const auto found = occupants_.find(key);
  return found == occupants_.end() ? nullptr : found->second.session;
}

std::vector<std::shared_ptr<Session>> Seating::sessions() const {
  std::vector<std::shared_ptr<Session>> found;
  const std::scoped_lock lock(mutex_);
  for (const auto& [key, occupant] : occupants_) {
    if (occupant.session) found.push_back(occupant.session);
  }
  for (const auto& [seat, session] : nameless_) found.push_back(session);
  return found;
}

std::vector<std::shared_ptr<Session>> Seating::unseated() const {
  std::vector<std::shared_ptr<Session>> found;
  const std::scoped_lock lock(mutex_);
  for (const auto& [key, occupant] : occupants_) {
    if (occupant.session && !occupant.seated) found.push_back(occupant.session);
  }
  for (const auto& [seat, session] : nameless_) found.push_back(session);
  return found;
}

std::map<SessionKey, Seating::Occupant> Seating::seated(const std::string& owner) const {
  std::map<SessionKey, Occupant> found;
  const std::scoped_lock lock(mutex_);
  for (const auto& [key, occupant] : occupants_) {
    if (occupant.seated && key.owner == owner) found.emplace(key, occupant);
  }
  return found;
}

std::size_t Seating::seats_taken() const {
  const std::scoped_lock lock(mutex_);
  return taken_;
}

}  // namespace piste::session
