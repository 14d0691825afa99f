#include "client/websocket.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "base/text.h"
#include "client/awaiting.h"
#include "client/connect.h"

namespace piste::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

// A result with keypoints of a long phrase is some megabytes; a server that sends more is not ours.
constexpr std::size_t max_message_bytes = 128u << 20;
// Beast masks outgoing bytes through this buffer, one system call each time that it is full.
constexpr std::size_t write_buffer_bytes = 256u << 10;
constexpr std::chrono::seconds close_limit{2};

// Of a service that starts or stops, as itself or a proxy before it says.
bool may_change(unsigned status) {
  return status == 429 || (status >= 502 && status <= 504);
}

std::string_view closed_because(std::uint16_t code) {
  switch (code) {
    case 1001:
      return "it goes away";
    case 1002:
      return "protocol error";
    case 1008:
      return "not authorised";
    case 1009:
      return "message too large";
    case 1011:
      return "internal error";
    case 1012:
      return "it restarts";
    case 1013:
      return "try again later";
    default:
      return "closed by the server";
  }
}

}  // namespace

struct WebSocket::State {
  explicit State(const asio::any_io_executor& executor) : socket(executor) {}

  Error lost(const boost::system::error_code& failed) const {
    if (failed != websocket::error::closed) return {ErrorCode::connection, failed.message()};
    const auto& reason = socket.reason();
    std::string text(closed_because(reason.code));
    if (!reason.reason.empty()) text += ": " + base::escaped({reason.reason.data(), reason.reason.size()});
    return {ErrorCode::connection, text + " (close code " + std::to_string(reason.code) + ")"};
  }

  websocket::stream<net::Stream, false> socket;  // false: no permessage-deflate, JPEG does not shrink
  beast::flat_buffer received;
};

WebSocket::WebSocket(const asio::any_io_executor& executor) : state_(std::make_unique<State>(executor)) {}
WebSocket::~WebSocket() = default;

WebSocket::Awaitable<Result<base::Done>> WebSocket::connect(const ServerUrl& url,
                                                            const ConnectOptions& options) {
  auto& socket = state_->socket;
  const auto connected = co_await client::connect(socket.next_layer(), url, options);
  if (!connected) co_return connected.error();

  socket.auto_fragment(false);
  socket.write_buffer_bytes(write_buffer_bytes);
  socket.read_message_max(max_message_bytes);
  auto limits = websocket::stream_base::timeout::suggested(beast::role_type::client);
  limits.handshake_timeout = options.connect_timeout;
  limits.idle_timeout = websocket::stream_base::none();  // the session watches over silence itself
  socket.set_option(limits);
  socket.set_option(
      websocket::stream_base::decorator([authorization = url.authorization](websocket::request_type& r) {
        r.set(http::field::user_agent, "piste");
        if (!authorization.empty()) r.set(http::field::authorization, authorization);
      }));

  websocket::response_type response;
  const std::string host = url.host_header();
  const std::string target = url.target("/stream");
  auto [failed] = co_await socket.async_handshake(response, host, target, awaiting);
  if (!failed) co_return base::Done{};
  const std::string text = "no WebSocket at " + url.shown("/stream") + ": ";
  if (failed != websocket::error::upgrade_declined)
    co_return Error{ErrorCode::connection, text + failed.message()};
  const unsigned status = response.result_int();
  co_return Error{
      may_change(status) ? ErrorCode::connection : ErrorCode::no_entry,
      text + "HTTP " + std::to_string(status) + " " + base::escaped(std::string_view(response.reason()))};
}

WebSocket::Awaitable<Result<base::Done>> WebSocket::write_text(std::string_view text) {
  state_->socket.text(true);
  auto [failed, sent] = co_await state_->socket.async_write(asio::buffer(text.data(), text.size()), awaiting);
  if (failed) co_return state_->lost(failed);
  co_return base::Done{};
}

WebSocket::Awaitable<Result<base::Done>> WebSocket::write_binary(std::span<const std::uint8_t> bytes) {
  state_->socket.binary(true);
  auto [failed, sent] =
      co_await state_->socket.async_write(asio::buffer(bytes.data(), bytes.size()), awaiting);
  if (failed) co_return state_->lost(failed);
  co_return base::Done{};
}

WebSocket::Awaitable<Result<std::string>> WebSocket::read() {
  state_->received.consume(state_->received.size());
  auto [failed, size] = co_await state_->socket.async_read(state_->received, awaiting);
  if (failed) co_return state_->lost(failed);
  if (!state_->socket.got_text()) {
    co_return Error{ErrorCode::connection, "the server sent bytes where a message was due"};
  }
  co_return std::string(static_cast<const char*>(state_->received.data().data()), size);
}

WebSocket::Awaitable<Result<base::Done>> WebSocket::ping() {
  auto [failed] = co_await state_->socket.async_ping({}, awaiting);
  if (failed) co_return state_->lost(failed);
  co_return base::Done{};
}

WebSocket::Awaitable<void> WebSocket::close() {
  auto& socket = state_->socket;
  auto limits = websocket::stream_base::timeout::suggested(beast::role_type::client);
  limits.handshake_timeout = close_limit;  // Beast's limit for the closing handshake too
  limits.idle_timeout = websocket::stream_base::none();
  socket.set_option(limits);
  co_await socket.async_close(websocket::close_code::normal, awaiting);
}

void WebSocket::abort() {
  beast::get_lowest_layer(state_->socket).close();
}

}  // namespace piste::client
