// The way from a session to its connection. Connections go while sessions still have something to say: after
// detach() has returned, nothing reaches the outbox any more. Thread-safe.
#pragma once

#include <string>
#include <utility>

#include "base/mutex.h"
#include "session/conversation.h"

namespace piste::session {

class Channel {
 public:
  explicit Channel(Outbox outbox) : outbox_(std::move(outbox)) {}

  void send(std::string text, bool droppable = false) {
    const base::Lock lock(mutex_);
    if (attached_) outbox_.send(std::move(text), droppable);
  }
  void close(int code, std::string reason) {
    const base::Lock lock(mutex_);
    if (attached_) outbox_.close(code, std::move(reason));
  }
  void detach() {
    const base::Lock lock(mutex_);
    attached_ = false;
  }
  bool attached() const {
    const base::Lock lock(mutex_);
    return attached_;
  }

 private:
  mutable base::Mutex mutex_;  // held while the outbox is called
  const Outbox outbox_;
  bool attached_ GUARDED_BY(mutex_) = true;
};

}  // namespace piste::session
