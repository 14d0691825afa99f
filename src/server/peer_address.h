// Who is at the other end, where proxies stand between.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "server/net.h"

namespace piste::server {

// Addresses and networks ("10.0.0.0/8") whose X-Forwarded-For is believed.
class TrustedProxies {
 public:
  TrustedProxies() = default;
  // list: separated by commas. The error says what is none of them.
  static base::Result<TrustedProxies, std::string> parse(std::string_view list);

  bool contains(const asio::ip::address& address) const;

 private:
  std::vector<asio::ip::network_v6> networks_;  // IPv4 as mapped addresses
};

// The address of the client: the peer's own, or, if that is a trusted proxy's, what it says in
// X-Forwarded-For: the last one there that is no trusted proxy. What stands before it anyone may have
// written.
asio::ip::address client_address(const asio::ip::address& peer, const Request& request,
                                 const TrustedProxies& proxies);

// What limits count by: an IPv4 address, or the /64 network of an IPv6 one, which is one subscriber's.
std::string limit_key(const asio::ip::address& address);

}  // namespace piste::server
