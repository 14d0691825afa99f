// Who tells what the box of a piste says: this service, which hears it itself, or a program beside the piste
// over a connection. One at a time, for two would tell every hit twice. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/mutex.h"
#include "base/result.h"
#include "protocol/messages.h"
#include "session/pistes.h"

namespace piste::session {

class BoxTellers {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  enum class Refusal { not_yours };
  template <class T>
  using Taken = base::Result<T, Refusal>;

  // A piste that was told by a token's owner is nobody else's while his program is connected, and for so long
  // after that.
  static constexpr std::chrono::minutes claim{10};

  // The pistes outlive it.
  explicit BoxTellers(Pistes& pistes) : pistes_(pistes) {}

  // Over a connection, which is known by its address here. Whoever came last tells: the one before may be a
  // connection that is dead and does not know it. The answer is the number of the event that is due; 0: what
  // this source has told is not known here.
  Taken<std::int64_t> open(const protocol::BoxOpen& open, const std::string& owner, const void* connection,
                           TimePoint now);
  Taken<std::int64_t> tell(const protocol::BoxEvents& told, const void* connection, TimePoint now);
  void close(const void* connection, TimePoint now);

  // This service hears the box itself, or does not any more.
  void hear(const std::string& piste, const std::string& protocol, TimePoint now);
  void tell(const std::string& piste, const boxes::Event& event, TimePoint now);
  void leave(const std::string& piste);

  // An object with how each piste's box is; empty: there are none.
  std::string json(TimePoint now) const;

 private:
  struct Teller {
    std::string owner;
    std::string source;  // empty: this service
    std::string protocol;
    const void* connection = nullptr;
    std::int64_t next = 0;
    std::uint64_t events = 0;
    std::optional<boxes::Link> link;  // nothing: not told yet
    TimePoint last;                   // told of
    TimePoint left;                   // by its connection
  };

  void pass_on(const std::string& piste, Teller& teller, boxes::Event event, TimePoint now) REQUIRES(mutex_);
  static bool is_claimed(const Teller& teller, TimePoint now);
  // False: there are too many, and all are told.
  bool make_room(TimePoint now) REQUIRES(mutex_);

  Pistes& pistes_;
  mutable base::Mutex mutex_;  // held while the pistes are told: what one source says stays in order
  std::map<std::string, Teller> tellers_ GUARDED_BY(mutex_);
};

}  // namespace piste::session
