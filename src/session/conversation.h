// One WebSocket connection's conversation: messages in, messages out (docs/protocol.md). Knows no sockets.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/parse.h"
#include "session/caller.h"
#include "session/registry.h"
#include "types/frame.h"

namespace piste::session {

class Dialogue;

// A text message: read, and not handled yet.
class Text {
 public:
  explicit Text(std::string_view text) : message_(protocol::parse(text)) {}
  // See Conversation::bytes_may_wait().
  bool may_wait() const;

 private:
  friend class Dialogue;
  base::Result<protocol::ClientMessage, protocol::ParseError> message_;
};

// What the connection is to do after a message.
enum class Next {
  keep_open,
  close,  // after what was sent: a protocol error, the session is freed
};

// What a binary message would be.
enum class Due {
  nothing,    // a breach of the protocol
  discarded,  // the bytes of a frame or signal that was refused; a text may come instead
  kept,       // the bytes of a frame or signal
};

// How messages leave. Called by the connection's own thread from within on_*(), and by analysis threads at
// any time until on_close() has returned.
struct Outbox {
  // droppable: a progress message, which may be left out when the peer reads slowly. A verdict never is.
  std::function<void(std::string text, bool droppable)> send;
  // Asks the connection to close after what was sent (session timed out, server stopping). code: RFC 6455's.
  std::function<void(int code, std::string reason)> close;
};

// Not thread-safe: the connection calls one function at a time.
class Conversation {
 public:
  Conversation(Registry& registry, Outbox outbox, Caller caller = {});
  ~Conversation();

  Next on_text(Text&& text, TimePoint now);
  // bytes are moved from where they are kept in memory; else their buffer can be used again.
  Next on_binary(types::Bytes&& bytes, TimePoint now);
  Due due() const;
  // Whether handling the bytes that are due may wait for the disk, or for what another connection has begun:
  // to be done off the I/O threads. So with a text that may_wait(), and on_close().
  bool bytes_may_wait() const;
  // A binary message that is due is coming in and wants so many bytes of memory; none: it is not kept any
  // longer. False, and what was granted before still holds: there is no room. Then the rest need not be kept,
  // and on_lost_bytes() takes the place of on_binary().
  bool grant(std::size_t bytes);
  Next on_lost_bytes(TimePoint now);
  void on_ping(TimePoint now);  // a WebSocket ping or pong frame is activity too
  // The peer broke a rule that the connection itself watches over: frees the session.
  void abandon();
  // The connection is gone. The session may be resumed over another.
  void on_close(TimePoint now);
  // For log lines; empty before session_start.
  std::string session_id() const;

 private:
  std::unique_ptr<Dialogue> dialogue_;
};

}  // namespace piste::session
