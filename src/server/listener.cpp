#include "server/listener.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <string>

#include "base/log.h"
#include "server/event_session.h"
#include "server/http_session.h"
#include "server/peer_address.h"
#include "server/websocket_session.h"

namespace piste::server {
namespace {

// Whose connection it is; nobody's, where a trusted proxy brings the connections of many.
std::string owner_of(const asio::ip::address& address, const Service& service) {
  return service.proxies.contains(address) ? "" : limit_key(address);
}

// Beyond the limit of an address a new connection's request is answered with 429; far beyond, it is not
// heard.
bool is_welcome(const std::string& address, const Service& service) {
  const auto& options = service.options;
  return service.connections.size() < options.max_connections &&
         service.connections.count(address) < 2 * options.max_connections_per_address;
}

Task<> serve(std::shared_ptr<HttpSession> http, Connections::Entry entry, IoThreads::Place,
             Service& service) {
  auto upgrade = co_await http->run();
  if (!upgrade) co_return;
  const std::string address = upgrade->grant.caller.address;  // as a proxy says
  if (upgrade->events) {
    const auto watcher = std::make_shared<EventSession>(std::move(*upgrade), service);
    entry = service.connections.add(watcher, address);
    co_return co_await watcher->run();
  }
  const auto websocket = std::make_shared<WebSocketSession>(std::move(*upgrade), service);
  entry = service.connections.add(websocket, address);
  co_await websocket->run();
}

void log_failure(std::exception_ptr failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& unexpected) {
    base::log::error("", std::string("Connection failed: ") + unexpected.what());
  }
}

}  // namespace

Task<> accept_connections(tcp::acceptor& acceptor, IoThreads& threads, Service& service) {
  asio::steady_timer pause(acceptor.get_executor());
  while (acceptor.is_open()) {
    auto [ec, accepted] = co_await acceptor.async_accept(as_value);
    if (ec == asio::error::operation_aborted) co_return;
    if (ec) {  // out of descriptors, say: the next moment may be better
      base::log::warning("", "Cannot accept a connection: " + ec.message());
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(as_value);
      continue;
    }
    const std::string address = owner_of(accepted.remote_endpoint(ec).address(), service);
    if (!is_welcome(address, service)) {
      base::log::warning("", "Too many connections; one is refused");
      continue;
    }
    accepted.set_option(tcp::no_delay(true), ec);
    auto place = threads.take_place();
    const auto protocol = acceptor.local_endpoint().protocol();
    tcp::socket socket(place.context(), protocol, accepted.release());
    const bool surplus = service.connections.count(address) >= service.options.max_connections_per_address;
    auto http = std::make_shared<HttpSession>(Stream(std::move(socket)), surplus, service);
    // Counted here, before the next one is accepted, not when its thread comes to it.
    auto entry = service.connections.add(http, address);
    auto& context = place.context();
    asio::co_spawn(context, serve(std::move(http), std::move(entry), std::move(place), service), log_failure);
  }
}

}  // namespace piste::server
