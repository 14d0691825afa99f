// Accepts connections and gives each a strand and a coroutine of its own.
#pragma once

#include "server/service.h"

namespace piste::server {

// Until the acceptor is closed.
Task<> accept_connections(tcp::acceptor& acceptor, asio::io_context& context, Service& service);

}  // namespace piste::server
