// The way to the service, and what to say where there is none. Include it in .cpp files only.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "client/error.h"
#include "client/server_url.h"
#include "net/connect.h"

namespace piste::client {

struct ConnectOptions : net::ConnectOptions {};

// stream: a fresh one. The options must live until then.
boost::asio::awaitable<Result<base::Done>> connect(net::Stream& stream, const ServerUrl& url,
                                                   const ConnectOptions& options);

}  // namespace piste::client
