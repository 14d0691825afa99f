// Which connection speaks for a session. It may change: the newest one to resume the session wins, and the
// one before is cut off, whatever it still sends.
//
// Thread-safe. A message is handled within a turn; so is a change of the connection. Hence a message of the
// old connection is either handled before the new one speaks, or not at all.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "session/channel.h"

namespace piste::session {

class Attachment {
 public:
  // Held while a message is handled. Locked before every other mutex of the session.
  using Turn = std::unique_lock<std::mutex>;

  // Null: no connection yet.
  explicit Attachment(std::shared_ptr<Channel> channel) : channel_(std::move(channel)) {}

  // Waits for the message in work.
  Turn turn() { return Turn(turn_mutex_); }
  // The turn of this connection; none (owns_lock() is false) when it does not speak for the session any more.
  Turn turn(const Channel& channel);

  // Needs the turn.
  bool attached() const { return current() != nullptr; }
  // Says the greeting, and again what was remembered.
  void attach(std::shared_ptr<Channel> channel, std::string greeting);
  void detach();

  // To the connection there is, from any thread; without one it is lost.
  void send(std::string text, bool droppable = false);
  // The same, and every connection that comes later is told it too.
  void remember(std::string text);
  void close(int code, std::string reason);

 private:
  // Written with the turn and the mutex, so either is enough to read it; of the turn, which is handed out,
  // the compiler knows nothing.
  const Channel* current() const NO_THREAD_SAFETY_ANALYSIS { return channel_.get(); }

  std::mutex turn_mutex_;
  base::Mutex mutex_;
  std::shared_ptr<Channel> channel_ GUARDED_BY(mutex_);
  std::string remembered_ GUARDED_BY(mutex_);
};

}  // namespace piste::session
