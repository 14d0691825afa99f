// A WebSocket to the service's /stream. One io_context thread. At most one read, one write and one ping at a
// time, all three at once if need be.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "client/error.h"
#include "client/server_url.h"

namespace piste::client {

struct ConnectOptions;

class WebSocket {
 public:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;

  explicit WebSocket(const boost::asio::any_io_executor& executor);
  ~WebSocket();
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  // A refused upgrade is an error that says the HTTP status.
  Awaitable<Result<base::Done>> connect(const ServerUrl& url, const ConnectOptions& options);
  // The bytes must live until the write is done.
  Awaitable<Result<base::Done>> write_text(std::string_view text);
  Awaitable<Result<base::Done>> write_binary(std::span<const std::uint8_t> bytes);
  // The next text message; a binary one is an error, as the guide's server sends none.
  Awaitable<Result<std::string>> read();
  Awaitable<Result<base::Done>> ping();
  // The close handshake, given up after two seconds.
  Awaitable<void> close();
  // Drops the connection at once: pending operations end with an error.
  void abort();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace piste::client
