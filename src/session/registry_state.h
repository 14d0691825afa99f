// What is behind a Registry: who is in, under which id, and what all share. For the session module's own
// files.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_budget.h"
#include "base/result.h"
#include "session/caller.h"
#include "session/reaper.h"
#include "session/registry.h"
#include "session/snapshot.h"

namespace piste::session {

enum class SeatError { shutting_down, id_in_use, full, owner_full };

// An upload as others see it.
struct UploadView {
  TimePoint started;
  std::atomic<Stage> stage{Stage::create};
};

class Session;

// Move-only receipt: one of the places in the registry, under an id. Given back when it dies.
class Seat {
 public:
  Seat() = default;
  Seat(RegistryState& registry, SessionKey key) : registry_(&registry), key_(std::move(key)) {}
  Seat(Seat&& other) noexcept
      : registry_(std::exchange(other.registry_, nullptr)), key_(std::move(other.key_)) {}
  Seat& operator=(Seat&& other) noexcept {
    std::swap(registry_, other.registry_);
    std::swap(key_, other.key_);
    return *this;
  }
  ~Seat() { give_back(); }
  void give_back();

 private:
  RegistryState* registry_ = nullptr;
  SessionKey key_;
};

struct RegistryState {
  RegistryState(pipeline::Engine& used, const Limits& chosen);
  ~RegistryState();

  // A place under this id, or why there is none, in the guide's words.
  base::Result<Seat, SeatError> take_seat(const Caller& caller, const std::string& id);
  // Who took the seat of this key; one of the two.
  void seat(const SessionKey& key, std::shared_ptr<Session> session, std::shared_ptr<UploadView> upload);
  void leave(const SessionKey& key);
  std::vector<std::shared_ptr<Session>> sessions() const;
  std::vector<Snapshot> snapshots(const std::string& owner, TimePoint now) const;
  bool disk_has_room() const;

  pipeline::Engine& engine;
  const Limits limits;
  base::ByteBudget memory;

  struct Occupant {
    std::shared_ptr<Session> session;
    std::shared_ptr<UploadView> upload;
  };
  mutable std::mutex mutex;
  std::map<SessionKey, Occupant> occupants;  // guarded by mutex; neither of the two: still being made
  bool refusing = false;                     // guarded by mutex

  Reaper reaper;
};

}  // namespace piste::session
