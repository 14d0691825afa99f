// Who is at the other end of a connection.
#pragma once

#include <compare>
#include <cstddef>
#include <string>

namespace piste::session {

struct Caller {
  std::string owner;             // the name of the token; empty: the service asks for none
  std::string address;           // of the peer, as its sessions are counted; empty: not known
  std::size_t max_sessions = 0;  // of this owner at a time; 0: no limit of its own
};

// Two owners may use the same session id: neither sees the other's session.
struct SessionKey {
  std::string owner;
  std::string id;
  auto operator<=>(const SessionKey&) const = default;
};

}  // namespace piste::session
