// What each client holds of the server, and how much of it a client and all together may hold: the limits on
// clients are all here. A client is a token's owner, or an address where there are no tokens.
//
// Thread-safe; its mutex is held for moments only, and no other is locked meanwhile.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "session/caller.h"

namespace piste::session {

enum class Holding {
  seat,           // a session with a connection, or an upload that is being judged
  left_phrase,    // a phrase that is being judged while no connection waits for it
  upload,         // one whose files are on their way
  kept_upload,    // one that waits to be judged, or is, while no connection waits for it
  message_bytes,  // of frames and logs that are coming in over WebSockets, before they are taken
};
constexpr std::size_t holdings = 5;

// How much there is: for all, and for one client of no limit of its own.
struct Share {
  std::size_t in_all = 0;
  std::size_t of_one = 0;
};
using Shares = std::array<Share, holdings>;  // by Holding

class Accounts {
 public:
  explicit Accounts(const Shares& shares) : shares_(shares) {}
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  // Who has as much as may be held.
  enum class Full { all, client };

  // Move-only receipt: what is held until it dies.
  class Held {
   public:
    Held() = default;
    Held(Held&& other) noexcept { swap(other); }
    Held& operator=(Held&& other) noexcept {
      Held taken(std::move(other));
      swap(taken);
      return *this;
    }
    ~Held() { give_back(); }
    void give_back();
    explicit operator bool() const { return accounts_ != nullptr; }
    std::size_t amount() const { return amount_; }

   private:
    friend class Accounts;
    Held(Accounts& accounts, const Caller& caller, Holding what, std::size_t amount);
    void swap(Held& other) noexcept;

    Accounts* accounts_ = nullptr;
    std::string client_;
    Holding what_ = Holding::seat;
    std::size_t amount_ = 0;
  };

  // Why the caller may not have so much more; nullopt: it may.
  std::optional<Full> objection(const Caller& caller, Holding what, std::size_t amount = 1) const;
  // held: becomes what there was an objection to, where it says nullopt.
  std::optional<Full> take(Held& held, const Caller& caller, Holding what, std::size_t amount = 1);
  // Also beyond what may be held: for what is there already.
  Held charge(const Caller& caller, Holding what, std::size_t amount = 1);
  // More or less of what is held; false, and nothing has changed, where so much may not be held.
  bool resize(Held& held, const Caller& caller, std::size_t amount);

  std::size_t held(Holding what) const;                        // by all
  std::size_t held(const Caller& caller, Holding what) const;  // by this client
  std::map<std::string, std::size_t> held_by_owner(Holding what) const;

 private:
  struct Sum {
    std::size_t in_all = 0;
    std::map<std::string, std::size_t> by_client;
  };
  static std::size_t index(Holding what) { return static_cast<std::size_t>(what); }
  std::size_t limit_of(const Caller& caller, Holding what) const;
  std::optional<Full> objection_locked(const Caller& caller, Holding what, std::size_t amount) const
      REQUIRES(mutex_);
  void add(const std::string& client, Holding what, std::size_t amount) REQUIRES(mutex_);
  void remove(const std::string& client, Holding what, std::size_t amount);

  const Shares shares_;
  mutable base::Mutex mutex_;
  std::array<Sum, holdings> sums_ GUARDED_BY(mutex_);
};

// Under which name a client's holdings are counted; empty: nobody's, counted for all only.
std::string client_of(const Caller& caller);

}  // namespace piste::session
