// What HTTP and RFC 6455 ask of a request's headers, beyond what the parser checks.
#pragma once

#include <optional>
#include <string>

#include "server/net.h"

namespace piste::server {

// What is wrong with the headers, for a 400; nullopt when all is well. One Host, since HTTP/1.1; of fields
// that decide something, no two; for a WebSocket a key of 16 bytes.
std::optional<std::string> fault_in(const Request& request);

}  // namespace piste::server
