#include "inlets/address.h"

#include "base/number.h"
#include "base/text.h"

namespace piste::inlets {
namespace {

constexpr std::string_view every_topic_of_openpiste = "openpiste/#";

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<Address> serial(std::string_view text) {
  const auto at = text.rfind('@');
  const std::string device(text.substr(0, at));
  if (device.empty()) return std::nullopt;
  if (at == std::string_view::npos) return Serial{device, {}};
  const auto baud = base::number_in<int>(text.substr(at + 1));
  if (!baud || *baud <= 0) return std::nullopt;
  return Serial{device, baud};
}

std::optional<Address> udp(std::string_view text) {
  if (const auto port = base::number_in<std::uint16_t>(text)) return Udp{{}, *port};
  const auto at = host_and_port(text);
  if (!at || !at->port) return std::nullopt;
  return Udp{at->host, *at->port};
}

std::optional<Address> tcp(std::string_view text) {
  const auto at = host_and_port(text);
  if (!at || !at->port || at->host.empty() || *at->port == 0) return std::nullopt;
  return Tcp{at->host, *at->port};
}

std::optional<Address> mqtt(std::string_view text) {
  Mqtt broker;
  const auto slash = text.find('/');
  const auto topics = slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
  broker.topics = topics.empty() ? every_topic_of_openpiste : topics;
  text = text.substr(0, slash);
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    const auto who = text.substr(0, at);
    const auto colon = who.find(':');
    broker.user = who.substr(0, colon);
    if (colon != std::string_view::npos) broker.password = who.substr(colon + 1);
    text.remove_prefix(at + 1);
  }
  const auto at = host_and_port(text);
  if (!at || at->host.empty()) return std::nullopt;
  broker.host = at->host;
  broker.port = at->port.value_or(broker.port);
  return broker;
}

std::optional<Address> read_address(std::string_view text) {
  if (text == "-") return StandardInput{};
  if (take(text, "serial:")) return serial(text);
  if (take(text, "udp:")) return udp(text);
  if (take(text, "tcp:")) return tcp(text);
  if (take(text, "mqtt://")) return mqtt(text);
  return std::nullopt;
}

std::string joined(const std::string& host, std::uint16_t port) {
  const bool numeric6 = host.find(':') != std::string::npos;
  return (numeric6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

struct Shown {
  std::string operator()(const Serial& line) const {
    return "serial:" + line.device + (line.baud ? "@" + std::to_string(*line.baud) : "");
  }
  std::string operator()(const Udp& socket) const {
    return "udp:" + (socket.host.empty() ? std::to_string(socket.port) : joined(socket.host, socket.port));
  }
  std::string operator()(const Tcp& socket) const { return "tcp:" + joined(socket.host, socket.port); }
  std::string operator()(const Mqtt& broker) const {
    return "mqtt://" + joined(broker.host, broker.port) + "/" + broker.topics;
  }
  std::string operator()(const StandardInput&) const { return "standard input"; }
};

}  // namespace

std::optional<HostPort> host_and_port(std::string_view text) {
  if (take(text, "[")) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string host(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (text.empty()) return HostPort{host, {}};
    const auto port = take(text, ":") ? base::number_in<std::uint16_t>(text) : std::nullopt;
    return port ? std::optional(HostPort{host, port}) : std::nullopt;
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return HostPort{std::string(text), {}};
  const auto port = base::number_in<std::uint16_t>(text.substr(colon + 1));
  if (!port) return std::nullopt;
  return HostPort{std::string(text.substr(0, colon)), port};
}

Result<Address> parse_address(std::string_view text) {
  if (auto address = read_address(text)) return *std::move(address);
  return Error{ErrorCode::usage,
               "\"" + base::escaped(text) + "\" is no place of a box; give " + std::string(address_form)};
}

std::string to_string(const Address& address) {
  return base::escaped(std::visit(Shown{}, address));
}

}  // namespace piste::inlets
