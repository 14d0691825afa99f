// A connection's bytes: TCP, or TLS over TCP. Satisfies Beast's AsyncStream, so that HTTP and WebSocket are
// compiled once for both. Include it in .cpp files only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "client/error.h"
#include "client/server_url.h"

namespace piste::client {

struct ConnectOptions {
  std::filesystem::path ca;  // certificates to trust (PEM) beside the system's; empty: only those
  std::chrono::seconds connect_timeout{10};  // for each of: look-up, TCP, TLS
};

class Stream {
 public:
  using Tcp = boost::beast::tcp_stream;
  using executor_type = Tcp::executor_type;

  explicit Stream(const boost::asio::any_io_executor& executor) : tcp_(executor) {}

  executor_type get_executor() { return tcp_.get_executor(); }
  Tcp& next_layer() { return tcp_; }
  const Tcp& next_layer() const { return tcp_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return tls_ ? tls_->async_read_some(buffers, std::forward<Token>(token))
                : tcp_.async_read_some(buffers, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return tls_ ? tls_->async_write_some(buffers, std::forward<Token>(token))
                : tcp_.async_write_some(buffers, std::forward<Token>(token));
  }

  boost::asio::awaitable<Result<base::Done>> connect(const ServerUrl& url, const ConnectOptions& options);
  void close() { tcp_.close(); }

  // Beast's customisation points for closing a WebSocket, found by argument-dependent lookup.
  friend void teardown(boost::beast::role_type role, Stream& stream, boost::system::error_code& failed) {
    namespace websocket = boost::beast::websocket;
    if (stream.tls_) return boost::beast::teardown(role, *stream.tls_, failed);
    websocket::teardown(role, stream.tcp_.socket(), failed);
  }
  template <class Handler>
  friend void async_teardown(boost::beast::role_type role, Stream& stream, Handler&& handler) {
    namespace websocket = boost::beast::websocket;
    if (stream.tls_) return boost::beast::async_teardown(role, *stream.tls_, std::forward<Handler>(handler));
    websocket::async_teardown(role, stream.tcp_.socket(), std::forward<Handler>(handler));
  }

 private:
  boost::asio::awaitable<Result<base::Done>> connect_tcp(const ServerUrl& url, const ConnectOptions& options);
  boost::asio::awaitable<Result<base::Done>> start_tls(const ServerUrl& url, const ConnectOptions& options);

  Tcp tcp_;
  std::optional<boost::asio::ssl::context> context_;
  std::optional<boost::beast::ssl_stream<Tcp&>> tls_;
};

}  // namespace piste::client
