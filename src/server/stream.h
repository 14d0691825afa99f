// A connection's bytes: TCP, or TLS over TCP. Satisfies Beast's AsyncStream, so that HTTP and WebSocket are
// compiled once for both.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <memory>
#include <utility>
#include <variant>

#include "server/net.h"

namespace piste::server {

class Stream {
 public:
  using Tcp = beast::tcp_stream;
  using Tls = beast::ssl_stream<Tcp>;
  using executor_type = Tcp::executor_type;

  explicit Stream(tcp::socket socket) : layers_(std::in_place_type<Tcp>, std::move(socket)) {}

  executor_type get_executor() { return next_layer().get_executor(); }
  Tcp& next_layer() {
    Tls* const over = tls();
    return over ? over->next_layer() : std::get<Tcp>(layers_);
  }
  const Tcp& next_layer() const { return const_cast<Stream*>(this)->next_layer(); }
  tcp::socket& socket() { return next_layer().socket(); }
  bool secure() const { return std::holds_alternative<Tls>(layers_); }

  // The server's side of the TLS handshake; from here on bytes go through TLS. context: kept by the stream.
  // begun: what has been read of it already.
  Task<error_code> handshake(std::shared_ptr<asio::ssl::context> context, const beast::flat_buffer& begun);

  // Bytes that were read too early, with what came before them: they are read again, before all others.
  void unread(beast::flat_buffer early) { early_ = std::move(early); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const Buffers& room) { read(room, std::move(handler)); }, token, buffers);
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    Tls* const over = tls();
    return over ? over->async_write_some(buffers, std::forward<Token>(token))
                : std::get<Tcp>(layers_).async_write_some(buffers, std::forward<Token>(token));
  }

  // Beast's customisation points for closing a WebSocket, found by argument-dependent lookup.
  friend void teardown(beast::role_type role, Stream& stream, error_code& failed) {
    if (Tls* const over = stream.tls()) return beast::teardown(role, *over, failed);
    beast::websocket::teardown(role, stream.socket(), failed);
  }
  template <class Handler>
  friend void async_teardown(beast::role_type role, Stream& stream, Handler&& handler) {
    if (Tls* const over = stream.tls())
      return beast::async_teardown(role, *over, std::forward<Handler>(handler));
    beast::websocket::async_teardown(role, stream.socket(), std::forward<Handler>(handler));
  }

 private:
  Tls* tls() { return std::get_if<Tls>(&layers_); }

  template <class Buffers, class Handler>
  void read(const Buffers& room, Handler handler) {
    if (early_.size() > 0) {
      const std::size_t count = asio::buffer_copy(room, early_.data());
      early_.consume(count);
      const auto executor = asio::get_associated_executor(handler, get_executor());
      return asio::post(executor, beast::bind_front_handler(std::move(handler), error_code(), count));
    }
    if (Tls* const over = tls()) return over->async_read_some(room, std::move(handler));
    std::get<Tcp>(layers_).async_read_some(room, std::move(handler));
  }

  std::shared_ptr<asio::ssl::context> context_;  // outlives the layer that uses it
  std::variant<Tcp, Tls> layers_;
  beast::flat_buffer early_;
};

}  // namespace piste::server
