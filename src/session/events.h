// What becomes of the phrases, for those who watch: told as it happens, and kept for a while for who was cut
// off meanwhile. Each owner's events are numbered one after the other, and seen by nobody else. Where there
// are other nodes, they are told of what lasts, and what they tell is an event here too. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "session/caller.h"
#include "types/seen_fencers.h"
#include "types/side.h"

namespace piste::protocol {
class JsonObject;
}

namespace piste::session {

class Directory;

// As those who watch are told of a session that ended without a result.
constexpr std::string_view gone_state = "GONE";

class Events {
 public:
  // An event as JSON text. Quick, and calls nothing of Events: sessions wait meanwhile.
  using Text = std::shared_ptr<const std::string>;
  // lasting: it is kept, too; what is not may be left out for a watcher who is behind.
  using Listener = std::function<void(const Text&, bool lasting)>;

  // Listens until it is destroyed. The Events outlive it.
  class Subscription {
   public:
    Subscription(Events& events, std::string owner, std::uint64_t number)
        : events_(&events), owner_(std::move(owner)), number_(number) {}
    Subscription(Subscription&& other) noexcept;
    Subscription& operator=(Subscription&&) = delete;
    ~Subscription();

   private:
    Events* events_;
    std::string owner_;
    std::uint64_t number_;
  };

  struct Heard {
    std::uint64_t seq = 0;  // of the owner's last event
    bool missed = false;    // some that were asked for are not kept any more
    Subscription subscription;
  };

  // Of an owner.
  static constexpr std::size_t most_kept = 1000;
  static constexpr std::size_t most_bytes = 4 << 20;

  // Numbers begin with the time, so that those of an earlier run are smaller than all of this one.
  // directory: of the other nodes, which outlives it; null: there are none.
  explicit Events(Directory* directory = nullptr);
  ~Events();
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  void state(const SessionKey& key, std::string_view state, std::string_view folder = {});
  void decision(const SessionKey& key, const std::string& decision);
  void phrase_decision(const SessionKey& key, int number, const std::string& decision);
  void phrase_complete(const SessionKey& key, int number, const types::PerSide<int>& score,
                       const std::string& folder);
  // Where the fencers are now: for who listens, and not kept. It has the number of the event before.
  void sight(const SessionKey& key, const types::SeenFencers& sight);
  void changed(const SessionKey& key);
  void deleted(const SessionKey& key);

  // The listener hears at once what came after `since` and is kept; without `since` only what comes from now
  // on.
  [[nodiscard]] Heard listen(const std::string& owner, std::optional<std::uint64_t> since, Listener listener);

 private:
  struct Log {
    std::uint64_t last = 0;  // the number of kept.back(), or of the last one that was
    std::deque<Text> kept;
    std::size_t bytes = 0;
    std::map<std::uint64_t, Listener> listeners;
  };
  enum class Hearers { here, all_nodes };
  void tell(const SessionKey& key, std::string_view type,
            const std::function<void(protocol::JsonObject&)>& more, Hearers hearers = Hearers::all_nodes);
  void put(const std::string& owner, std::string_view type, const std::string& fields) REQUIRES(mutex_);
  Log& log_of(const std::string& owner) REQUIRES(mutex_);
  void forget(const std::string& owner, std::uint64_t number);

  Directory* const directory_;
  const std::uint64_t base_;  // the first event of an owner is the one after
  base::Mutex mutex_;
  std::map<std::string, Log> logs_ GUARDED_BY(mutex_);
  std::uint64_t listened_ GUARDED_BY(mutex_) = 0;
};

}  // namespace piste::session
