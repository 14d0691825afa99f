// One WebSocket connection of /events: tells a watcher what becomes of the phrases of its token. What it
// sends counts for nothing.
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
#include "session/events.h"

namespace piste::server {

// Two loops share a strand: one reads, so that pings and the goodbye are answered, one sends what is queued.
// run() and all private functions: on that strand.
class EventSession : public Connection, public std::enable_shared_from_this<EventSession> {
 public:
  EventSession(Upgrade upgrade, Service& service);

  // From the handshake to the end of the connection. The caller keeps the session alive.
  Task<> run();
  void drain() override {}  // what still runs is what is watched
  void shut() override;
  void recheck() override;

 private:
  Task<bool> accept();
  // Listens from here on; hello goes before all that is heard.
  session::Events::Subscription listen();
  std::string hello(const session::Events::Heard& heard) const;
  Task<> read_loop();
  Task<> write_loop();
  void send(const std::string& text);
  void request_close(int code, std::string_view reason);
  void cut();  // without a closing handshake

  beast::websocket::stream<Stream> socket_;
  const asio::any_io_executor strand_;
  Service& service_;
  const Request upgrade_;
  const std::string peer_;
  const Grant grant_;
  OutboundQueue outgoing_;
  asio::steady_timer wake_;      // never expires: the write loop sleeps on it until it is cancelled
  asio::steady_timer deadline_;  // for the closing handshake
  std::optional<beast::websocket::close_reason> close_;
  bool over_ = false;  // one of the loops has ended
};

}  // namespace piste::server
