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
#include "server/websocket_words.h"

namespace piste::server {
namespace {

namespace json = boost::json;
using session::Events;
using CloseCode = beast::websocket::close_code;

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
    : socket_(std::move(upgrade.stream)),
      strand_(socket_.get_executor()),
      service_(service),
      upgrade_(std::move(upgrade.request)),
      peer_(std::move(upgrade.peer)),
      grant_(std::move(upgrade.grant)),
      outgoing_(most_unsent),
      wake_(strand_, std::chrono::steady_clock::time_point::max()),
      deadline_(strand_) {}

Task<> EventSession::run() {
  using namespace asio::experimental::awaitable_operators;
  if (!co_await accept()) co_return;
  base::log::info("", "A watcher has come: " + peer_);
  {
    const auto subscription = listen();
    if (service_.cancelled) shut();
    recheck();  // what happened during the handshake reached nobody
    co_await (read_loop() && write_loop());
  }
  deadline_.cancel();
  cut();
  base::log::info("", "A watcher has gone: " + peer_);
}

// Beast asks silent watchers for a pong, and gives up those that send none.
Task<bool> EventSession::accept() {
  beast::get_lowest_layer(socket_).expires_never();  // the WebSocket has timeouts of its own
  socket_.set_option(
      beast::websocket::stream_base::timeout{.handshake_timeout = service_.options.close_timeout,
                                             .idle_timeout = 2 * service_.options.ping_interval,
                                             .keep_alive_pings = true});
  socket_.set_option(introduction(service_.options.version));
  const auto [ec] = co_await socket_.async_accept(upgrade_, as_value);
  if (ec) base::log::info("", "WebSocket handshake with " + peer_ + " failed: " + ec.message());
  co_return !ec;
}

// Sessions call the listener while they hold their mutex: it only posts, and what it posts comes after hello,
// as this function does not wait.
Events::Subscription EventSession::listen() {
  auto heard = service_.registry.events().listen(
      grant_.caller.owner, since_in(split_target(upgrade_.target()).query),
      [weak = weak_from_this(), strand = strand_](const Events::Text& text) {
        asio::post(strand, [weak, text] {
          if (const auto self = weak.lock()) self->send(*text);
        });
      });
  send(hello(heard));
  return std::move(heard.subscription);
}

std::string EventSession::hello(const Events::Heard& heard) const {
  json::array sessions;
  for (const auto& [id, state] :
       service_.registry.running(grant_.caller.owner, std::chrono::steady_clock::now()))
    sessions.push_back(json::object{{"session_id", id}, {"state", state}});
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
  wake_.cancel();
}

Task<> EventSession::write_loop() {
  socket_.text(true);
  while (!over_) {
    if (!outgoing_.empty()) {
      const std::string text = outgoing_.pop();
      const auto [ec, count] = co_await socket_.async_write(asio::buffer(text), as_value);
      if (ec) break;
    } else if (close_) {
      co_await socket_.async_close(*close_, as_value);
      break;
    } else {
      co_await wake_.async_wait(as_value);
    }
  }
  over_ = true;
  cut();
}

void EventSession::send(const std::string& text) {
  if (over_ || close_) return;
  if (outgoing_.push(text, false) == OutboundQueue::Push::overflow) {
    base::log::warning("", "A watcher does not read; it is closed: " + peer_);
    outgoing_.clear();
    return request_close(CloseCode::try_again_later, "Read too slowly: come again with since=");
  }
  wake_.cancel();
}

// After what is queued. A peer that does not take it is cut off at the deadline.
void EventSession::request_close(int code, std::string_view reason) {
  if (close_ || over_) return;
  close_ = make_reason(code, reason);
  wake_.cancel();
  deadline_.expires_after(2 * service_.options.close_timeout);
  deadline_.async_wait([weak = weak_from_this()](error_code ec) {
    const auto self = weak.lock();
    if (!ec && self) self->cut();
  });
}

void EventSession::cut() {
  error_code ignored;
  beast::get_lowest_layer(socket_).socket().close(ignored);
}

void EventSession::recheck() {
  asio::post(strand_, [self = shared_from_this()] {
    if (self->service_.access.holds(self->grant_)) return;
    self->request_close(CloseCode::policy_error, "Unauthorized");
  });
}

void EventSession::shut() {
  asio::post(strand_, [self = shared_from_this()] {
    self->request_close(CloseCode::service_restart, "The service is shutting down");
  });
}

}  // namespace piste::server
