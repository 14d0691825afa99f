// The way from a session to its connection. Connections go while sessions still have something to say: after
// detach() has returned, nothing reaches the outbox any more. Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <utility>

#include "session/conversation.h"

namespace piste::session {

class Channel {
 public:
  explicit Channel(Outbox outbox) : outbox_(std::move(outbox)) {}

  void send(std::string text, bool droppable = false) {
    const std::scoped_lock lock(mutex_);
    if (attached_) outbox_.send(std::move(text), droppable);
  }
  void close(int code, std::string reason) {
    const std::scoped_lock lock(mutex_);
    if (attached_) outbox_.close(code, std::move(reason));
  }
  void detach() {
    const std::scoped_lock lock(mutex_);
    attached_ = false;
  }
  bool attached() const {
    const std::scoped_lock lock(mutex_);
    return attached_;
  }

 private:
  mutable std::mutex mutex_;
  const Outbox outbox_;
  bool attached_ = true;  // guarded by mutex_, which is held while the outbox is called
};

}  // namespace piste::session
