// One WebSocket connection: carries messages between a peer and a session::Conversation.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "server/websocket.h"
#include "session/conversation.h"

namespace piste::server {

// Three loops share a strand: one reads and hands over to the conversation, one sends what is queued and
// closes, one asks for a ping while nothing is sent. run() and all private functions: on that strand; but
// handle() elsewhere when it may wait for the disk, with handling_ set. The next message is read when this
// one has been handled, so answers are in the order of what they answer.
class WebSocketSession : public WebSocket {
 public:
  WebSocketSession(Upgrade upgrade, Service& service);

  // From the handshake to the end of the connection. The caller keeps the session alive.
  Task<> run();
  void drain() override;

 private:
  Task<bool> accept();
  Task<> read_loop();
  Task<> write_loop();
  Task<> ping_loop();
  enum class Message { text, binary, lost, too_long };
  // The next message into incoming(), nullopt when the connection is over. Of a binary message where none is
  // due only the beginning is read, of one that is not kept nothing stays.
  Task<std::optional<Message>> read_message();
  types::Bytes& incoming() { return due_ == session::Due::kept ? bytes_ : text_; }
  bool make_room();
  void let_go_of_bytes();
  Task<session::Next> hand_over(Message kind);
  session::Next handle(Message kind, std::optional<session::Text> text,
                       std::chrono::steady_clock::time_point arrived);
  session::Next handle_binary(std::chrono::steady_clock::time_point arrived);
  void end_too_long();
  // Of the session that is live, as far as it is known: empty where there is none.
  const std::string& session_id();
  // The next message to send; null when there is none and the connection is to end.
  Task<OutboundQueue::Text> next_outgoing();

  session::Outbox outbox();
  void fall_behind() override;
  // Lets a peer go that does not come to the end of its message, or stays without a session.
  void check_patience();
  void let_go_of_memory();

  const std::size_t max_binary_bytes_;
  asio::steady_timer ping_;
  // A message is being handled off the I/O threads: the conversation and the bytes are theirs meanwhile.
  bool handling_ = false;
  bool silent_ = true;  // nothing was sent since the ping loop looked last
  bool ping_due_ = false;
  // The message that is being read is the first received_ bytes of one of these. bytes_ is used again unless
  // a frame keeps it, for fresh memory has to be mapped and cleared; a connection that waits lets go of it.
  // As long as it is there the conversation's account counts it.
  types::Bytes text_;
  types::Bytes bytes_;
  std::size_t received_ = 0;
  std::size_t usual_size_ = 0;  // of binary messages: the next one is likely to be as large
  session::Due due_ = session::Due::nothing;
  std::optional<std::chrono::steady_clock::time_point> message_began_;  // the one that is coming in
  std::chrono::steady_clock::time_point last_message_;
  std::optional<session::Conversation> conversation_;
  std::string session_id_;
};

}  // namespace piste::server
