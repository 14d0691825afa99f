// The addresses behind a host's name.
#pragma once

#include <netdb.h>

#include <cstdint>
#include <memory>
#include <string>

#include "inlets/error.h"

namespace piste::inlets {

struct FreeAddresses {
  void operator()(addrinfo* found) const { freeaddrinfo(found); }
};
// One at least; ai_next leads to the others.
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

// kind: SOCK_STREAM or SOCK_DGRAM. An empty host is all of this machine's IPv4 addresses, to listen on.
Result<Addresses> look_up(const std::string& host, std::uint16_t port, int kind, int family = AF_UNSPEC);

}  // namespace piste::inlets
