#include "server/websocket.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/log.h"
#include "server/reply.h"

namespace piste::server {
namespace {

// A close reason has room for 123 bytes of UTF-8.
beast::websocket::close_reason make_reason(int code, std::string_view text) {
  std::size_t length = std::min<std::size_t>(text.size(), 123);
  while (length > 0 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
    --length;
  return {static_cast<beast::websocket::close_code>(code), text.substr(0, length)};
}

// Which service this is, and the date, in the handshake's answer.
auto introduction(const std::string& version) {
  return beast::websocket::stream_base::decorator([version](beast::websocket::response_type& response) {
    response.set(http::field::server, "piste/" + version);
    response.set(http::field::date, http_date());
  });
}

}  // namespace

WebSocket::WebSocket(Upgrade upgrade, Service& service, std::size_t most_unsent)
    : socket_(std::move(upgrade.stream)),
      strand_(socket_.get_executor()),
      service_(service),
      upgrade_(std::move(upgrade.request)),
      peer_(std::move(upgrade.peer)),
      grant_(std::move(upgrade.grant)),
      outgoing_(most_unsent),
      wake_(strand_, std::chrono::steady_clock::time_point::max()),
      deadline_(strand_) {}

Task<bool> WebSocket::accept(std::chrono::steady_clock::duration silence, bool keep_alive) {
  beast::get_lowest_layer(socket_).expires_never();  // the WebSocket has timeouts of its own
  socket_.set_option(
      beast::websocket::stream_base::timeout{.handshake_timeout = service_.options.close_timeout,
                                             .idle_timeout = silence,
                                             .keep_alive_pings = keep_alive});
  socket_.set_option(introduction(service_.options.version));
  const auto [ec] = co_await socket_.async_accept(upgrade_, as_value);
  if (ec) base::log::info("", "WebSocket handshake with " + peer_ + " failed: " + ec.message());
  co_return !ec;
}

void WebSocket::send(OutboundQueue::Text text, bool droppable) {
  if (over_ || close_) return;
  if (outgoing_.push(std::move(text), droppable) == OutboundQueue::Push::overflow) return fall_behind();
  wake();
}

void WebSocket::request_close(int code, std::string_view reason) {
  if (close_ || over_) return;
  close_ = make_reason(code, reason);
  wake();
  deadline_.expires_after(2 * service_.options.close_timeout);
  deadline_.async_wait([weak = weak_from_this()](error_code ec) {
    const auto self = weak.lock();
    if (!ec && self) self->cut();
  });
}

void WebSocket::end() {
  over_ = true;
  deadline_.cancel();
  cut();
}

void WebSocket::cut() {
  error_code ignored;
  beast::get_lowest_layer(socket_).socket().close(ignored);
}

void WebSocket::recheck() {
  asio::post(strand_, [self = shared_from_this()] {
    if (self->service_.access.holds(self->grant_)) return;
    self->request_close(CloseCode::policy_error, "Unauthorized");
  });
}

void WebSocket::shut() {
  asio::post(strand_, [self = shared_from_this()] {
    self->request_close(CloseCode::service_restart, "The service is shutting down");
  });
}

}  // namespace piste::server
