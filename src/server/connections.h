// The open connections, so that the server can end them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/mutex.h"

namespace piste::server {

// The calls may come from any thread, return at once and may be repeated.
class Connection {
 public:
  virtual ~Connection() = default;
  // The server is stopping: end if idle, else when the work in hand is done.
  virtual void drain() = 0;
  // End now; what is queued is still sent to a peer that takes it.
  virtual void shut() = 0;
  // The tokens have been read again: end if the peer's is no longer among them.
  virtual void recheck() = 0;
};

// Thread-safe.
class Connections {
 public:
  // Move-only receipt: the connection is listed as long as it lives.
  class Entry {
   public:
    Entry() = default;
    Entry(Connections& list, std::uint64_t key) : list_(&list), key_(key) {}
    Entry(Entry&& other) noexcept : list_(std::exchange(other.list_, nullptr)), key_(other.key_) {}
    Entry& operator=(Entry&& other) noexcept {
      std::swap(list_, other.list_);
      std::swap(key_, other.key_);
      return *this;
    }
    ~Entry() {
      if (list_) list_->remove(key_);
    }

   private:
    Connections* list_ = nullptr;
    std::uint64_t key_ = 0;
  };

  // address: whose connection it is, for count(); empty: nobody's.
  [[nodiscard]] Entry add(std::weak_ptr<Connection> connection, std::string address);
  std::size_t size() const;
  std::size_t count(const std::string& address) const;  // of this address
  void drain() const { each(&Connection::drain); }
  void shut() const { each(&Connection::shut); }
  void recheck() const { each(&Connection::recheck); }

 private:
  void remove(std::uint64_t key);
  void each(void (Connection::*call)()) const;

  struct Open {
    std::weak_ptr<Connection> connection;
    std::string address;
  };

  mutable base::Mutex mutex_;
  std::unordered_map<std::uint64_t, Open> open_ GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::size_t> counts_ GUARDED_BY(mutex_);  // of the addresses in open_
  std::uint64_t next_key_ GUARDED_BY(mutex_) = 0;
};

}  // namespace piste::server
