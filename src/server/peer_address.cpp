#include "server/peer_address.h"

#include <boost/asio/ip/network_v4.hpp>
#include <optional>
#include <utility>

#include "base/text.h"

namespace piste::server {
namespace {

using asio::ip::address;
using asio::ip::address_v6;
using asio::ip::network_v6;

constexpr unsigned short mapped_bits = 96;  // before the IPv4 address in a mapped one

address_v6 as_v6(const address& any) {
  return any.is_v6() ? any.to_v6() : asio::ip::make_address_v6(asio::ip::v4_mapped, any.to_v4());
}

address plain(const address& any) {
  if (any.is_v6() && any.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, any.to_v6());
  return any;
}

std::optional<network_v6> parse_network(const std::string& text) {
  error_code failed;
  const address single = asio::ip::make_address(text, failed);
  if (!failed) return network_v6(as_v6(single), 128);
  const auto four = asio::ip::make_network_v4(text, failed);
  if (!failed) {
    return network_v6(as_v6(four.address()), static_cast<unsigned short>(mapped_bits + four.prefix_length()));
  }
  const auto six = asio::ip::make_network_v6(text, failed);
  if (failed) return std::nullopt;
  return six;
}

// "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80"; nullopt for "unknown" and the like.
std::optional<address> parse_hop(std::string_view text) {
  error_code failed;
  const address whole = asio::ip::make_address(std::string(text), failed);
  if (!failed) return plain(whole);
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') - 1);
  } else {
    text = text.substr(0, text.find(':'));
  }
  const address part = asio::ip::make_address(std::string(text), failed);
  if (failed) return std::nullopt;
  return plain(part);
}

// All fields of this name, as one list.
std::string forwarded_for(const Request& request) {
  std::string all;
  for (auto [field, end] = request.equal_range("X-Forwarded-For"); field != end; ++field) {
    if (!all.empty()) all += ',';
    all += std::string_view(field->value());
  }
  return all;
}

}  // namespace

base::Result<TrustedProxies, std::string> TrustedProxies::parse(std::string_view list) {
  TrustedProxies proxies;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string item(base::trimmed(list.substr(0, comma)));
    list.remove_prefix(std::min(comma + 1, list.size()));
    const auto network = parse_network(item);
    if (!network) return base::Error<std::string>{item, "addresses or networks with commas between them"};
    proxies.networks_.push_back(*network);
  }
  return proxies;
}

bool TrustedProxies::contains(const address& any) const {
  for (const network_v6& network : networks_) {
    if (network_v6(as_v6(any), network.prefix_length()).canonical() == network.canonical()) return true;
  }
  return false;
}

address client_address(const address& peer, const Request& request, const TrustedProxies& proxies) {
  address client = plain(peer);
  std::string list = forwarded_for(request);
  while (proxies.contains(client) && !list.empty()) {
    const std::size_t comma = list.rfind(',');
    const auto hop = parse_hop(base::trimmed(comma == list.npos ? list : list.substr(comma + 1)));
    if (!hop) break;
    client = *hop;
    list.erase(comma == list.npos ? 0 : comma);
  }
  return client;
}

std::string limit_key(const address& any) {
  const address client = plain(any);
  if (client.is_v4()) return client.to_string();
  constexpr unsigned short subscriber_bits = 64;
  return network_v6(client.to_v6(), subscriber_bits).canonical().to_string();
}

}  // namespace piste::server
