// The way to the service: look-up, TCP and, with https, TLS. Include it in .cpp files only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <filesystem>

#include "client/error.h"
#include "client/server_url.h"
#include "net/stream.h"

namespace piste::client {

struct ConnectOptions {
  std::filesystem::path ca;  // certificates to trust (PEM) beside the system's; empty: only those
  std::chrono::seconds connect_timeout{10};  // for each of: look-up, TCP, TLS
};

// stream: a fresh one. The options must live until then.
boost::asio::awaitable<Result<base::Done>> connect(net::Stream& stream, const ServerUrl& url,
                                                   const ConnectOptions& options);

}  // namespace piste::client
