// Who is in, under which id, and who has a seat: all that have a connection, and uploads that have brought
// both files. A session that has lost its connection keeps its id, but gives its seat to others until it is
// resumed. How many seats there are, of all and of a client, the accounts know.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "session/accounts.h"
#include "session/caller.h"
#include "session/job.h"
#include "session/registry.h"
#include "session/snapshot.h"

namespace piste::session {

class Seating;
class Session;

enum class SeatError { shutting_down, id_in_use, full, client_full, gone };

// An upload as others see it.
struct UploadView {
  TimePoint started;
  std::atomic<Stage> stage{Stage::create};
  std::atomic<double> progress = 0;  // how much of the film has been looked at, 0..1
  std::atomic<bool> ended = false;   // its owner may not come any more
  bool later = false;                // nobody waits for it
  std::optional<KeptBy> kept_by;     // of that, in a cluster
};

// Move-only receipt: an id that is taken, and a seat. Given back when it dies. Not thread-safe.
class Seat {
 public:
  Seat() = default;
  Seat(Seating& seating, SessionKey key, std::uint64_t number)
      : seating_(&seating), key_(std::move(key)), number_(number) {}
  Seat(Seat&& other) noexcept
      : seating_(std::exchange(other.seating_, nullptr)),
        key_(std::move(other.key_)),
        number_(other.number_) {}
  Seat& operator=(Seat&& other) noexcept {
    std::swap(seating_, other.seating_);
    std::swap(key_, other.key_);
    std::swap(number_, other.number_);
    return *this;
  }
  ~Seat() { give_back(); }
  void give_back();

  // The id stays taken, the seat is free.
  void vacate();
  // Takes a seat where it has none.
  base::Result<base::Done, SeatError> reclaim(const Caller& caller);

  bool holds_seat() const;
  // Whether no other session has taken the id meanwhile.
  bool holds_id() const;
  const SessionKey& key() const { return key_; }
  std::uint64_t number() const { return number_; }

 private:
  Seating* seating_ = nullptr;
  SessionKey key_;
  std::uint64_t number_ = 0;  // no two seats have the same
};

// Thread-safe. Its mutex is held for moments only, and no other than the accounts' is locked meanwhile.
class Seating {
 public:
  struct Present {  // neither: still being made
    std::shared_ptr<Session> session;
    std::shared_ptr<UploadView> upload;
    std::uint64_t displaced = 0;  // the seat of the one that gives way, until occupy(); 0: none
  };

  explicit Seating(Accounts& accounts) : accounts_(accounts) {}

  // A seat under this id, or why there is none, in the guide's words. A session of that id that has no
  // connection gives way: a client that knows nothing of resuming starts again. It loses its id, and has it
  // again if the seat is given back before occupy().
  base::Result<Seat, SeatError> take(const Caller& caller, const std::string& id);
  // Why the caller would get no seat now; nullopt: it would.
  std::optional<base::Error<SeatError>> objection(const Caller& caller) const;
  // An id without a seat: for a session that was found on disk, and an upload on its way. Where the id is
  // taken, it has none.
  Seat keep(const SessionKey& key);
  // Who took this seat; one of the two. A session whose id is another's is kept all the same. Gives the one
  // that has lost its id to this seat, for the caller to end; mostly none.
  std::shared_ptr<Session> occupy(const Seat& seat, std::shared_ptr<Session> session,
                                  std::shared_ptr<UploadView> upload);
  // Tells the uploads of these owners that they have ended.
  void end_uploads(const std::function<bool(const std::string& owner)>& whose);
  // Nobody sits down from now on.
  void refuse_new();

  // Null where there is none, or it is still being made.
  std::shared_ptr<Session> find(const SessionKey& key) const;
  std::shared_ptr<UploadView> find_upload(const SessionKey& key) const;
  std::vector<std::shared_ptr<Session>> sessions() const;  // all
  std::vector<std::shared_ptr<Session>> unseated() const;  // those without a seat
  // Of this owner, by id: those with a seat, and uploads.
  std::map<std::string, Present> present(const std::string& owner) const;

 private:
  friend class Seat;
  struct Occupant {
    std::uint64_t number = 0;
    Accounts::Held seat;  // none: unseated
    Present present;
    std::uint64_t displaced = 0;  // the number of the one that gives way, until occupy(); 0: none
  };
  bool holds_id(const SessionKey& key, std::uint64_t seat) const;
  bool holds_seat(const SessionKey& key, std::uint64_t seat) const;
  Seat add(const SessionKey& key, Accounts::Held seat) REQUIRES(mutex_);
  void leave(const SessionKey& key, std::uint64_t seat);
  void vacate(const SessionKey& key, std::uint64_t seat);
  base::Result<base::Done, SeatError> reclaim(const Caller& caller, const SessionKey& key,
                                              std::uint64_t seat);
  base::Error<SeatError> full(Accounts::Full who, const Caller& caller) const;
  using Occupants = std::map<SessionKey, Occupant>;
  // The occupant that still has this number; null: it has gone, or another has taken the id.
  template <class Map>
  static auto* of(Map& occupants, const SessionKey& key, std::uint64_t number) {
    const auto found = occupants.find(key);
    return found != occupants.end() && found->second.number == number ? &found->second : nullptr;
  }

  Accounts& accounts_;
  mutable base::Mutex mutex_;
  Occupants occupants_ GUARDED_BY(mutex_);
  // By number: another has taken their id.
  std::map<std::uint64_t, std::shared_ptr<Session>> nameless_ GUARDED_BY(mutex_);
  std::uint64_t last_number_ GUARDED_BY(mutex_) = 0;
  bool refusing_ GUARDED_BY(mutex_) = false;
};

}  // namespace piste::session
