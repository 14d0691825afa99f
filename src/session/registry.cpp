#include "session/registry.h"

#include <system_error>

#include "base/log.h"
#include "session/registry_state.h"
#include "session/session.h"

namespace piste::session {
namespace {

Limits with_absolute_paths(Limits limits) {
  std::error_code failure;  // where the folder cannot be made, each session_start says so
  limits.output_dir = std::filesystem::absolute(limits.output_dir, failure);
  std::filesystem::create_directories(limits.output_dir, failure);
  if (failure) base::log::error("", "the output folder cannot be made: " + failure.message());
  return limits;
}

double seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

Snapshot snapshot_of(const std::string& id, const UploadView& upload, TimePoint now) {
  Snapshot snapshot;
  snapshot.id = id;
  snapshot.stage = upload.stage;
  snapshot.has_signal = upload.stage != Stage::create;
  snapshot.stats.duration_seconds = seconds(now - upload.started);
  return snapshot;
}

// All keys of one owner stand together in a map.
template <class Map>
std::size_t count_of(const Map& occupants, const std::string& owner) {
  std::size_t count = 0;
  for (auto at = occupants.lower_bound({owner, ""}); at != occupants.end() && at->first.owner == owner; ++at)
    ++count;
  return count;
}

}  // namespace

void Seat::give_back() {
  if (auto* registry = std::exchange(registry_, nullptr)) registry->leave(key_);
}

RegistryState::RegistryState(pipeline::Engine& used, const Limits& chosen)
    : engine(used), limits(with_absolute_paths(chosen)), memory(limits.max_memory_bytes) {}

RegistryState::~RegistryState() {
  for (const auto& session : sessions()) session->leave();
}

base::Result<Seat, SeatError> RegistryState::take_seat(const Caller& caller, const std::string& id) {
  using Error = base::Error<SeatError>;
  const SessionKey key{caller.owner, id};
  const std::scoped_lock lock(mutex);
  if (refusing) return Error{SeatError::shutting_down, "Server is shutting down"};
  if (occupants.contains(key)) return Error{SeatError::id_in_use, "Session " + id + " already exists"};
  if (occupants.size() >= limits.max_sessions) {
    return Error{SeatError::full, "Maximum concurrent sessions reached"};
  }
  if (caller.max_sessions > 0 && count_of(occupants, caller.owner) >= caller.max_sessions) {
    return Error{SeatError::owner_full, "Maximum concurrent sessions of this token reached (" +
                                            std::to_string(caller.max_sessions) + ")"};
  }
  occupants.emplace(key, Occupant{});
  return Seat(*this, key);
}

void RegistryState::seat(const SessionKey& key, std::shared_ptr<Session> session,
                         std::shared_ptr<UploadView> upload) {
  const std::scoped_lock lock(mutex);
  occupants[key] = Occupant{std::move(session), std::move(upload)};
}

void RegistryState::leave(const SessionKey& key) {
  Occupant last;  // dies after the lock: a session's end may take locks of its own
  const std::scoped_lock lock(mutex);
  const auto found = occupants.find(key);
  if (found == occupants.end()) return;
  last = std::move(found->second);
  occupants.erase(found);
}

std::vector<std::shared_ptr<Session>> RegistryState::sessions() const {
  std::vector<std::shared_ptr<Session>> found;
  const std::scoped_lock lock(mutex);
  for (const auto& [key, occupant] : occupants) {
    if (occupant.session) found.push_back(occupant.session);
  }
  return found;
}

std::vector<Snapshot> RegistryState::snapshots(const std::string& owner, TimePoint now) const {
  std::map<SessionKey, Occupant> present;
  {
    const std::scoped_lock lock(mutex);
    present = occupants;
  }
  std::vector<Snapshot> found;
  for (const auto& [key, occupant] : present) {
    if (key.owner != owner) continue;
    if (occupant.session) found.push_back(occupant.session->snapshot(now));
    if (occupant.upload) found.push_back(snapshot_of(key.id, *occupant.upload, now));
  }
  return found;
}

bool RegistryState::disk_has_room() const {
  std::error_code failure;
  const auto space = std::filesystem::space(limits.output_dir, failure);
  return !failure && space.available >= limits.min_free_disk_bytes;
}

Registry::Registry(pipeline::Engine& engine, const Limits& limits)
    : state_(std::make_unique<RegistryState>(engine, limits)) {}

Registry::~Registry() = default;

void Registry::sweep(TimePoint now) {
  for (const auto& session : state_->sessions()) session->expire_if_idle(now, state_->limits.idle_timeout);
}

void Registry::refuse_new() {
  const std::scoped_lock lock(state_->mutex);
  state_->refusing = true;
}

std::size_t Registry::active() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->occupants.size();
}

std::string Registry::stats_json(TimePoint now, const std::string& owner) const {
  return session::stats_json(state_->snapshots(owner, now),
                             {state_->limits.max_sessions, state_->memory.used(), state_->memory.limit()});
}

const Limits& Registry::limits() const {
  return state_->limits;
}

}  // namespace piste::session
