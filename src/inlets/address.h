// Where a scoring box's bytes come from, as a person writes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "inlets/error.h"

namespace piste::inlets {

struct Serial {
  std::string device;
  std::optional<int> baud;  // nullopt: the protocol's
  bool operator==(const Serial&) const = default;
};
struct Udp {
  std::string host;  // of this machine, or a multicast group; empty: every address of this machine
  std::uint16_t port = 0;
  bool operator==(const Udp&) const = default;
};
struct Tcp {
  std::string host;
  std::uint16_t port = 0;
  bool operator==(const Tcp&) const = default;
};
struct Mqtt {
  std::string user;  // empty: the broker asks for none
  std::string password;
  std::string host;
  std::uint16_t port = 1883;
  std::string topics;  // a filter, as MQTT has them
  bool operator==(const Mqtt&) const = default;
};
struct StandardInput {
  bool operator==(const StandardInput&) const = default;
};

using Address = std::variant<Serial, Udp, Tcp, Mqtt, StandardInput>;

constexpr std::string_view address_form =
    "serial:DEVICE[@BAUD], udp:[HOST:]PORT, tcp:HOST:PORT, mqtt://[USER:PASSWORD@]HOST[:PORT][/TOPIC] or -";

// The error says what would be right.
Result<Address> parse_address(std::string_view text);

// Without the password.
std::string to_string(const Address& address);

struct HostPort {
  std::string host;
  std::optional<std::uint16_t> port;
};
// HOST, HOST:PORT or [IPv6]:PORT; nullopt where the port is none.
std::optional<HostPort> host_and_port(std::string_view text);

}  // namespace piste::inlets
