// One WebSocket connection of /events: tells a watcher what becomes of the phrases of its token. What it
// sends counts for nothing.
#pragma once

#include <string>

#include "server/websocket.h"
#include "session/events.h"

namespace piste::server {

// Two loops share a strand: one reads, so that pings and the goodbye are answered, one sends what is queued.
// run() and all private functions: on that strand.
class EventSession : public WebSocket {
 public:
  EventSession(Upgrade upgrade, Service& service);

  // From the handshake to the end of the connection. The caller keeps the session alive.
  Task<> run();
  void drain() override {}  // what still runs is what is watched

 private:
  // Listens from here on; hello goes before all that is heard.
  session::Events::Subscription listen();
  std::string hello(const session::Events::Heard& heard) const;
  Task<> read_loop();
  Task<> write_loop();
  void fall_behind() override;
};

}  // namespace piste::server
