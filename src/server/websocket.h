// A WebSocket connection to which others send at any time: what they say waits in a queue until the peer has
// taken what was before it. What is said, and what the peer says, is the business of the two kinds of it.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/connections.h"
#include "server/http_session.h"
#include "server/outbound_queue.h"
#include "server/service.h"

namespace piste::server {

// All but shut() and recheck(): on the stream's strand.
class WebSocket : public Connection, public std::enable_shared_from_this<WebSocket> {
 public:
  void shut() override;
  void recheck() override;

  void send(OutboundQueue::Text text, bool droppable);
  // After what is queued. A peer that does not take it is cut off at the deadline.
  void request_close(int code, std::string_view reason);

 protected:
  using CloseCode = beast::websocket::close_code;
  // most_unsent: bytes.
  WebSocket(Upgrade upgrade, Service& service, std::size_t most_unsent);

  // The handshake. The peer may say nothing for so long.
  Task<bool> accept(std::chrono::steady_clock::duration silence, bool keep_alive);
  // The peer does not read, and what it leaves unread is beyond the limit.
  virtual void fall_behind() = 0;
  void wake() { wake_.cancel(); }
  auto sleep() { return wake_.async_wait(as_value); }  // until the next wake()
  void end();  // without a closing handshake, and without a deadline for it
  void cut();

  beast::websocket::stream<Stream> socket_;
  const asio::any_io_executor strand_;
  Service& service_;
  const Request upgrade_;
  const std::string peer_;
  const Grant grant_;
  OutboundQueue outgoing_;
  std::optional<beast::websocket::close_reason> close_;
  bool over_ = false;  // nothing more is said

 private:
  asio::steady_timer wake_;      // never expires: who sends sleeps on it until it is cancelled
  asio::steady_timer deadline_;  // for the closing handshake
};

}  // namespace piste::server
