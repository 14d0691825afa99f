#include "server/websocket_session.h"

#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/log.h"

namespace piste::server {
namespace {

namespace websocket = beast::websocket;
using std::chrono::steady_clock;

constexpr std::size_t max_text_bytes = 64 * 1024;  // of one message from a client: metadata, not data
constexpr std::size_t slack_bytes = 64 * 1024;     // a raw frame's header and the like
constexpr std::size_t first_piece = 4 * 1024;      // all that a connection holds while it waits for a text

}  // namespace

WebSocketSession::WebSocketSession(Upgrade upgrade, Service& service)
    : WebSocket(std::move(upgrade), service, service.options.max_outbound_bytes),
      max_binary_bytes_(
          std::max(service.registry.limits().max_frame_bytes, service.registry.limits().max_signal_bytes) +
          slack_bytes),
      ping_(strand_),
      last_message_(steady_clock::now()) {}

Task<> WebSocketSession::run() {
  using namespace asio::experimental::awaitable_operators;
  if (!co_await accept()) co_return;
  base::log::info("", "WebSocket connection accepted from " + peer_);
  conversation_.emplace(service_.registry, outbox(), grant_.caller);
  if (service_.draining) drain();
  recheck();  // what happened during the handshake reached nobody
  try {
    co_await (read_loop() && write_loop() && ping_loop());
  } catch (const std::exception& unexpected) {
    base::log::error(session_id(), std::string("WebSocket connection failed: ") + unexpected.what());
  }
  end();
  const std::string session = session_id();
  co_await off_io(service_.waiting, [this] { conversation_->on_close(steady_clock::now()); });
  base::log::info(session, "WebSocket connection closed: " + peer_);
}

Task<bool> WebSocketSession::accept() {
  socket_.auto_fragment(false);
  socket_.read_message_max(0);  // read_message() looks: Beast would reset the connection before 1009 is read
  // The peer's pings are activity; its answers to ours are not, or no session of a live peer could ever time
  // out.
  socket_.control_callback([this](websocket::frame_type kind, beast::string_view) {
    if (kind == websocket::frame_type::ping && conversation_ && !handling_)
      conversation_->on_ping(steady_clock::now());
  });
  // Later than ours, which say why they close.
  co_return co_await WebSocket::accept(
      service_.registry.limits().idle_timeout + 3 * service_.options.ping_interval, false);
}

Task<> WebSocketSession::read_loop() {
  while (!close_) {
    const auto kind = co_await read_message();
    if (!kind) break;
    if (close_) continue;  // what comes after the decision to close is not looked at
    if (co_await hand_over(*kind) == session::Next::close)
      request_close(websocket::close_code::policy_error, "");
  }
  over_ = true;
  wake();
  ping_.cancel();
}

Task<std::optional<WebSocketSession::Message>> WebSocketSession::read_message() {
  received_ = 0;
  bool kept = true;
  std::uint64_t length = 0;
  do {
    if (kept) kept = make_room();
    const auto room = kept ? asio::buffer(incoming()) + received_ : asio::buffer(text_);
    const auto [ec, count] = co_await socket_.async_read_some(room, as_value);
    if (ec) co_return std::nullopt;
    length += count;
    if (kept) received_ += count;
    if (!message_began_) message_began_ = steady_clock::now();
    const bool text = socket_.got_text();
    if (!text && due_ == session::Due::nothing) break;
    if (length > (text ? max_text_bytes : max_binary_bytes_)) co_return Message::too_long;
    if (!text && due_ == session::Due::discarded) kept = false;
  } while (!socket_.is_message_done());
  message_began_.reset();
  if (socket_.got_text()) co_return Message::text;
  co_return kept || due_ != session::Due::kept ? Message::binary : Message::lost;
}

// A message may announce any length: room is made for what has come, and as much again. False: the server has
// no memory for it; text_ then takes what comes and is written over again and again.
bool WebSocketSession::make_room() {
  if (text_.size() < first_piece) text_.resize(first_piece);
  const bool keeps = due_ == session::Due::kept;
  const std::size_t begin = keeps ? std::max(first_piece, usual_size_) : first_piece;
  types::Bytes& into = incoming();
  if (into.size() > received_ && into.size() >= begin) return true;
  const std::size_t size = std::min(std::max(begin, 2 * received_), max_binary_bytes_ + 1);
  if (keeps && !conversation_->grant(size)) return into.size() > received_;
  into.resize(size);
  return true;
}

void WebSocketSession::let_go_of_bytes() {
  types::Bytes().swap(bytes_);
  conversation_->grant(0);
}

Task<session::Next> WebSocketSession::hand_over(Message kind) {
  const auto now = steady_clock::now();
  last_message_ = now;
  if (kind == Message::too_long) {
    end_too_long();
    co_return session::Next::keep_open;
  }
  std::optional<session::Text> text;
  if (kind == Message::text)
    text.emplace(std::string_view(reinterpret_cast<const char*>(incoming().data()), received_));
  auto next = session::Next::keep_open;
  if (text ? text->may_wait() : kind == Message::binary && conversation_->bytes_may_wait()) {
    handling_ = true;
    co_await off_io(service_.waiting, [&] { next = handle(kind, std::move(text), now); });
    handling_ = false;
    wake();
  } else {
    next = handle(kind, std::move(text), now);
  }
  due_ = conversation_->due();
  if (session_id().empty()) let_go_of_bytes();
  co_return next;
}

session::Next WebSocketSession::handle(Message kind, std::optional<session::Text> text,
                                       steady_clock::time_point arrived) {
  if (text) return conversation_->on_text(*std::move(text), arrived);
  if (kind == Message::binary) return handle_binary(arrived);
  const auto next = conversation_->on_lost_bytes(arrived);
  let_go_of_bytes();
  return next;
}

void WebSocketSession::end_too_long() {
  base::log::warning(session_id(), "A message is too long; closing: " + peer_);
  conversation_->abandon();
  request_close(websocket::close_code::too_big, "The message is longer than this service takes");
}

const std::string& WebSocketSession::session_id() {
  if (!handling_) session_id_ = conversation_->session_id();
  return session_id_;
}

session::Next WebSocketSession::handle_binary(steady_clock::time_point arrived) {
  if (due_ != session::Due::kept) return conversation_->on_binary({}, arrived);
  usual_size_ = received_ + received_ / 8;
  bytes_.resize(received_);
  const auto next = conversation_->on_binary(std::move(bytes_), arrived);
  service_.ack_time.add(steady_clock::now() - arrived);
  if (bytes_.empty()) conversation_->grant(0);  // a frame keeps them, and counts them itself
  return next;
}

Task<> WebSocketSession::write_loop() {
  socket_.text(true);
  while (const auto message = co_await next_outgoing()) {
    silent_ = false;
    const auto [ec, count] = co_await socket_.async_write(asio::buffer(*message), as_value);
    if (ec) co_return;
  }
  if (close_) co_await socket_.async_close(*close_, as_value);
}

Task<OutboundQueue::Text> WebSocketSession::next_outgoing() {
  // What is said in a message's course goes out behind it: the peer is not to know of what is not yet so.
  while (outgoing_.empty() || handling_) {
    if (!handling_ && (close_ || over_)) co_return nullptr;
    co_await sleep();
    if (!std::exchange(ping_due_, false)) continue;
    const auto [ec] = co_await socket_.async_ping({}, as_value);
    if (ec) co_return nullptr;
  }
  co_return outgoing_.pop();
}

// Apart from the write loop: a timer set anew for each message would cost more than the message.
Task<> WebSocketSession::ping_loop() {
  while (!over_ && !close_) {
    ping_.expires_after(service_.options.ping_interval);
    const auto [ec] = co_await ping_.async_wait(as_value);
    if (!ec) {
      check_patience();
      let_go_of_memory();
    }
    ping_due_ = !ec && std::exchange(silent_, true);
    if (ping_due_) wake();
  }
}

// Analysis threads call these at any time until on_close() has returned.
session::Outbox WebSocketSession::outbox() {
  return {.send =
              [weak = weak_from_this(), strand = strand_](std::string text, bool droppable) {
                auto shared = std::make_shared<const std::string>(std::move(text));
                asio::dispatch(strand, [weak, text = std::move(shared), droppable]() mutable {
                  if (const auto self = weak.lock()) self->send(std::move(text), droppable);
                });
              },
          .close =
              [weak = weak_from_this(), strand = strand_](int code, std::string reason) {
                asio::dispatch(strand, [weak, code, reason = std::move(reason)] {
                  if (const auto self = weak.lock()) self->request_close(code, reason);
                });
              }};
}

void WebSocketSession::fall_behind() {
  base::log::warning(session_id(), "The peer does not read; connection cut: " + peer_);
  cut();
}

void WebSocketSession::check_patience() {
  const auto now = steady_clock::now();
  if (message_began_ && now - *message_began_ > service_.options.message_timeout) {
    request_close(websocket::close_code::policy_error, "A message took too long");
  }
  if (!handling_ && session_id().empty() && now - last_message_ > service_.registry.limits().idle_timeout) {
    request_close(websocket::close_code::going_away, "No session and no message for too long");
  }
}

// Not after each frame, for the next one would have to get it again.
void WebSocketSession::let_go_of_memory() {
  const auto idle = steady_clock::now() - last_message_;
  if (!handling_ && due_ != session::Due::kept && idle >= service_.options.ping_interval) let_go_of_bytes();
}

void WebSocketSession::drain() {
  asio::post(strand_, [self = std::static_pointer_cast<WebSocketSession>(shared_from_this())] {
    if (self->over_ || self->handling_) return;  // the conversation is in work on another thread
    if (!self->conversation_ || self->session_id().empty()) self->shut();
  });
}

}  // namespace piste::server
