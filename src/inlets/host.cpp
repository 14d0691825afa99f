#include "inlets/host.h"

#include <sys/socket.h>

namespace piste::inlets {

Result<Addresses> look_up(const std::string& host, std::uint16_t port, int kind, int family) {
  addrinfo hints{};
  hints.ai_family = host.empty() ? AF_INET : family;
  hints.ai_socktype = kind;
  hints.ai_flags = AI_PASSIVE;  // counts for an empty host only
  addrinfo* found = nullptr;
  const int failed =
      getaddrinfo(host.empty() ? nullptr : host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failed != 0) return Error{ErrorCode::lost, host + " is no address: " + gai_strerror(failed)};
  return Addresses(found);
}

}  // namespace piste::inlets
