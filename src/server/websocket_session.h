// One WebSocket connection: carries messages between a peer and a session::Conversation.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <memory>
#include <optional>
#include <string>

#include "server/connections.h"
#include "server/http_session.h"
#include "server/outbound_queue.h"
#include "server/service.h"
#include "session/conversation.h"

namespace piste::server {

// Two loops share a strand: one reads and hands over to the conversation, one sends what is queued, pings
// while there is nothing to send, and closes. run() and all private functions: on that strand.
class WebSocketSession : public Connection, public std::enable_shared_from_this<WebSocketSession> {
 public:
  WebSocketSession(Upgrade upgrade, Service& service);

  // From the handshake to the end of the connection. The caller keeps the session alive.
  Task<> run();
  void drain() override;
  void shut() override;

 private:
  Task<bool> accept();
  Task<> read_loop();
  Task<> write_loop();
  enum class Message { text, binary, too_long };
  // The next message into incoming_; nothing when the connection is over.
  Task<std::optional<Message>> read_message();
  session::Next hand_over(Message kind);
  // The next message to send; nothing when there is none and the connection is to end.
  Task<std::optional<std::string>> next_outgoing();

  session::Outbox outbox();
  void send(std::string text, bool droppable);
  void request_close(int code, std::string reason);
  void cut();  // without a closing handshake

  beast::websocket::stream<beast::tcp_stream> socket_;
  const asio::any_io_executor strand_;
  Service& service_;
  const Request upgrade_;
  const std::string peer_;
  const std::size_t max_binary_bytes_;
  OutboundQueue outgoing_;
  asio::steady_timer wake_;      // the write loop sleeps on it
  asio::steady_timer deadline_;  // for the closing handshake
  std::optional<beast::websocket::close_reason> close_;
  bool over_ = false;  // the read loop has ended
  types::Bytes incoming_;
  std::size_t usual_size_ = 0;  // of binary messages: the next one is likely to be as large
  std::optional<session::Conversation> conversation_;
};

}  // namespace piste::server
