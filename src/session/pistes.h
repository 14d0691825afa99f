// What the scoring boxes of this node's pistes say, from whoever hears them to whoever films there.
//
// An event's time is on this node's steady clock: seconds of std::chrono::steady_clock since its epoch, with
// the error that lies in it (base/steady.h says what time it is). Thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>

#include "base/mutex.h"
#include "boxes/event.h"

namespace piste::session {

class Pistes {
 public:
  // Quick, and calls nothing of Pistes: it is called while a box is waited for.
  using Listener = std::function<void(const boxes::Event&)>;

  // Listens until it is destroyed. The Pistes outlive it.
  class Subscription {
   public:
    Subscription() = default;
    Subscription(Pistes& pistes, std::string piste, std::uint64_t number);
    Subscription(Subscription&& other) noexcept;
    Subscription& operator=(Subscription&& other) noexcept;
    ~Subscription();
    explicit operator bool() const { return pistes_ != nullptr; }

   private:
    Pistes* pistes_ = nullptr;
    std::string piste_;
    std::uint64_t number_ = 0;
  };

  static constexpr double kept = 60;                // s
  static constexpr std::size_t most_events = 4096;  // of a piste
  static constexpr std::size_t most_pistes = 256;

  void tell(const std::string& piste, const boxes::Event& event);
  // The listener hears at once what was told in the last minute, and before that what still holds of what was
  // told earlier: score, names, whether the clock runs. It hears nothing more once the subscription is gone.
  [[nodiscard]] Subscription listen(const std::string& piste, Listener listener);

 private:
  struct Piste {
    std::map<std::size_t, boxes::Event> holding;  // by kind: what is older than the events below
    std::deque<boxes::Event> last;
    double newest = 0;  // s
    std::map<std::uint64_t, Listener> listeners;
  };

  static void age(Piste& piste);
  Piste& find(const std::string& name) REQUIRES(mutex_);
  void forget(const std::string& piste, std::uint64_t number);

  base::Mutex mutex_;
  std::map<std::string, Piste> pistes_ GUARDED_BY(mutex_);
  std::uint64_t listened_ GUARDED_BY(mutex_) = 0;
};

}  // namespace piste::session
