// The network side of the service: HTTP and WebSocket on one port, in front of the sessions of a Registry.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "server/error.h"
#include "server/options.h"
#include "session/registry.h"

namespace piste::server {

class Server {
 public:
  // Listens at once; connections are answered from run() on. The registry must outlive the server.
  static Result<std::unique_ptr<Server>> listen(const Options& options, session::Registry& registry);
  ~Server();

  std::uint16_t port() const;
  std::string url() const;  // http(s)://host:port

  // SIGTERM and SIGINT call stop(), SIGHUP calls reload(). Before run().
  void obey_signals();
  // Called with each reload(), on a thread that may wait. Before run().
  void on_reload(std::function<void()> reloaded);
  // Serves until stopped; returns when every connection has ended and no thread of the server is left.
  void run();
  // First call: no new sessions; those that run may finish within stop_timeout. Second call: they are
  // cancelled. Thread-safe, returns at once.
  void stop();
  // Reads tokens and certificate again and closes the connections of tokens that are gone. A file that
  // cannot be used is logged, and nothing changes. Thread-safe, returns at once.
  void reload();

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace piste::server
