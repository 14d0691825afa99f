#include "net/stream.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <optional>

namespace piste::net {

namespace asio = boost::asio;
namespace beast = boost::beast;

struct Stream::Layers {
  template <class... Args>
  explicit Layers(Args&&... args) : tcp(std::forward<Args>(args)...) {}

  Tcp tcp;
  beast::flat_buffer early;
  std::shared_ptr<Context> context;  // outlives the layer that uses it
  std::optional<beast::ssl_stream<Tcp&>> tls;
};

Stream::Stream(const executor_type& executor) : layers_(std::make_unique<Layers>(executor)) {}
Stream::Stream(asio::ip::tcp::socket socket) : layers_(std::make_unique<Layers>(std::move(socket))) {}
Stream::~Stream() = default;
Stream::Stream(Stream&& other) noexcept = default;
Stream& Stream::operator=(Stream&& other) noexcept = default;

Stream::Tcp& Stream::next_layer() {
  return layers_->tcp;
}

void Stream::unread(beast::flat_buffer early) {
  layers_->early = std::move(early);
}

void Stream::start_tls(std::shared_ptr<Context> context) {
  layers_->context = std::move(context);
  layers_->tls.emplace(layers_->tcp, *layers_->context);
}

SSL* Stream::tls() const {
  return layers_->tls ? layers_->tls->native_handle() : nullptr;
}

asio::awaitable<Stream::error_code> Stream::handshake(Role role, asio::const_buffer begun) {
  const auto [failed, used] =
      co_await layers_->tls->async_handshake(role, begun, asio::as_tuple(asio::use_awaitable));
  co_return failed;
}

void Stream::read(const Room& room, Handler handler) {
  if (layers_->early.size() > 0) {
    const std::size_t count = asio::buffer_copy(room, layers_->early.data());
    layers_->early.consume(count);
    const auto executor = handler.get_executor();
    return asio::post(executor, beast::bind_front_handler(std::move(handler), error_code(), count));
  }
  if (layers_->tls) return layers_->tls->async_read_some(room, std::move(handler));
  layers_->tcp.async_read_some(room, std::move(handler));
}

void Stream::write(const Pieces& pieces, Handler handler) {
  if (layers_->tls) return layers_->tls->async_write_some(pieces, std::move(handler));
  layers_->tcp.async_write_some(pieces, std::move(handler));
}

void Stream::end(beast::role_type role, error_code& failed) {
  if (layers_->tls) return beast::teardown(role, *layers_->tls, failed);
  beast::websocket::teardown(role, layers_->tcp.socket(), failed);
}

void Stream::end(beast::role_type role, EndHandler handler) {
  if (layers_->tls) return beast::async_teardown(role, *layers_->tls, std::move(handler));
  beast::websocket::async_teardown(role, layers_->tcp.socket(), std::move(handler));
}

}  // namespace piste::net
