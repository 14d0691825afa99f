#include "server/event_session.h"

#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "base/json_text.h"
#include "base/log.h"
#include "base/number.h"
#include "base/steady.h"
#include "server/target.h"

namespace piste::server {
namespace {

namespace json = boost::json;
using session::Events;

// All that is kept for who comes again, and as much of what happens while that is sent.
constexpr std::size_t most_unsent = 2 * (Events::most_bytes + Events::most_kept * OutboundQueue::overhead);

// The number of the last event that the watcher has. What is no number of ours is one of long ago.
std::optional<std::uint64_t> since_in(std::string_view query) {
  const std::string since = parameter_in(query, "since");
  if (since.empty()) return std::nullopt;
  return base::number_in<std::uint64_t>(since).value_or(0);
}

}  // namespace

EventSession::EventSession(Upgrade upgrade, Service& service)
    : WebSocket(std::move(upgrade), service, most_unsent) {}

Task<> EventSession::run() {
  using namespace asio::experimental::awaitable_operators;
  // Beast asks silent watchers for a pong, and gives up those that send none.
  if (!co_await accept(2 * service_.options.ping_interval, true)) co_return;
  base::log::info("", "A watcher has come: " + peer_);
  {
    const auto subscription = listen();
    if (service_.cancelled) shut();
    recheck();  // what happened during the handshake reached nobody
    co_await (read_loop() && write_loop());
  }
  end();
  base::log::info("", "A watcher has gone: " + peer_);
}

// Sessions call the listener while they hold their mutex: it only posts, and what it posts comes after hello,
// as this function does not wait.
Events::Subscription EventSession::listen() {
  auto heard = service_.registry.events().listen(
      grant_.caller.owner, since_in(split_target(upgrade_.target()).query),
      [weak = weak_from_this(), strand = strand_](const Events::Text& text, bool lasting) {
        asio::post(strand, [weak, text, lasting] {
          if (const auto self = weak.lock()) self->send(text, !lasting);
        });
      });
  send(std::make_shared<const std::string>(hello(heard)), false);
  return std::move(heard.subscription);
}

std::string EventSession::hello(const Events::Heard& heard) const {
  json::array sessions;
  for (const auto& one : service_.registry.running(grant_.caller.owner, std::chrono::steady_clock::now()))
    sessions.push_back(json::object{{"session_id", one.id}, {"state", one.state}});
  return base::json_text(json::object{{"type", "hello"},
                                      {"server_time", base::steady_seconds()},
                                      {"seq", heard.seq},
                                      {"missed", heard.missed},
                                      {"sessions", std::move(sessions)}});
}

Task<> EventSession::read_loop() {
  std::array<char, 512> room{};
  while (true) {
    const auto [ec, count] = co_await socket_.async_read_some(asio::buffer(room), as_value);
    if (ec) break;
  }
  over_ = true;
  wake();
}

Task<> EventSession::write_loop() {
  socket_.text(true);
  while (!over_) {
    if (!outgoing_.empty()) {
      const auto text = outgoing_.pop();
      const auto [ec, count] = co_await socket_.async_write(asio::buffer(*text), as_value);
      if (ec) break;
    } else if (close_) {
      co_await socket_.async_close(*close_, as_value);
      break;
    } else {
      co_await sleep();
    }
  }
  over_ = true;
  cut();
}

void EventSession::fall_behind() {
  base::log::warning("", "A watcher does not read; it is closed: " + peer_);
  outgoing_.clear();
  request_close(CloseCode::try_again_later, "Read too slowly: come again with since=");
}

}  // namespace piste::server
