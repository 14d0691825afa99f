// Accepts connections and gives each a thread to stay on and a coroutine of its own.
#pragma once

#include "server/io_threads.h"
#include "server/service.h"

namespace piste::server {

// Until the acceptor is closed.
Task<> accept_connections(tcp::acceptor& acceptor, IoThreads& threads, Service& service);

}  // namespace piste::server
