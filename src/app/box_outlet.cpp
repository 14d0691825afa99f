#include "app/box_outlet.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <utility>

#include "base/descriptor.h"
#include "inlets/address.h"
#include "inlets/host.h"

#ifdef PISTE_MQTT
#include "inlets/mqtt_client.h"
#endif

namespace piste::app {
namespace {

using base::Descriptor;
using Opened = std::variant<std::unique_ptr<Outlet>, std::string>;

class StandardOutput final : public Outlet {
 public:
  explicit StandardOutput(bool text) : text_(text) {}
  bool send(const boxes::Packet& packet) override {
    if (!packet.topic.empty()) std::cout << packet.topic << ' ';
    std::cout << packet.bytes;
    if (text_) std::cout << '\n';
    std::cout.flush();
    return static_cast<bool>(std::cout);
  }
  std::string problem() const override { return "standard output is closed"; }

 private:
  const bool text_;
};

// A serial line loses what nobody reads, and so does this.
class Terminal final : public Outlet {
 public:
  Terminal(Descriptor master, Descriptor line, bool text)
      : master_(std::move(master)), line_(std::move(line)), text_(text) {}
  bool send(const boxes::Packet& packet) override {
    const std::string bytes = packet.bytes + (text_ ? "\n" : "");
    const ssize_t written = write(master_.get(), bytes.data(), bytes.size());
    return written >= 0 || errno == EAGAIN || errno == EINTR;
  }
  std::string problem() const override { return "the pseudo terminal is closed"; }

 private:
  const Descriptor master_;
  const Descriptor line_;  // kept open, so that readers may come and go
  const bool text_;
};

Opened open_terminal(bool text) {
  const std::string failed = std::string("no pseudo terminal can be opened: ");
  Descriptor master(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  char name[128];
  if (master.get() < 0 || grantpt(master.get()) != 0 || unlockpt(master.get()) != 0 ||
      ptsname_r(master.get(), name, sizeof name) != 0)
    return failed + std::strerror(errno);
  Descriptor line(open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
  termios mode{};
  if (line.get() < 0 || tcgetattr(line.get(), &mode) != 0) return failed + std::strerror(errno);
  cfmakeraw(&mode);
  tcsetattr(line.get(), TCSANOW, &mode);
  std::cerr << "the box is at " << name << std::endl;
  return std::make_unique<Terminal>(std::move(master), std::move(line), text);
}

class Datagrams final : public Outlet {
 public:
  explicit Datagrams(Descriptor socket) : socket_(std::move(socket)) {}
  // Nobody listening yet is no reason to stop: a box does not know either.
  bool send(const boxes::Packet& packet) override {
    ::send(socket_.get(), packet.bytes.data(), packet.bytes.size(), MSG_NOSIGNAL);
    return true;
  }
  std::string problem() const override { return {}; }

 private:
  const Descriptor socket_;
};

Opened open_datagrams(const std::string& host, std::uint16_t port) {
  const auto found = inlets::look_up(host, port, SOCK_DGRAM);
  if (!found) return found.error().message;
  const addrinfo& to = **found;
  Descriptor socket(::socket(to.ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0 || connect(socket.get(), to.ai_addr, to.ai_addrlen) != 0)
    return host + ":" + std::to_string(port) + " cannot be reached: " + std::strerror(errno);
  return std::make_unique<Datagrams>(std::move(socket));
}

#ifdef PISTE_MQTT
class Broker final : public Outlet {
 public:
  ~Broker() override {
    mosquitto_disconnect(client_.get());
    mosquitto_loop_stop(client_.get(), false);
  }
  // What is wrong; empty: connected.
  std::string open(const std::string& host, int port) {
    if (!client_) return "no MQTT client can be made";
    const int code = mosquitto_connect(client_.get(), host.c_str(), port, 30);
    if (code != MOSQ_ERR_SUCCESS)
      return "the broker at " + host + ":" + std::to_string(port) +
             " cannot be reached: " + inlets::MqttClient::text(code);
    mosquitto_loop_start(client_.get());
    return {};
  }
  bool send(const boxes::Packet& packet) override {
    constexpr int at_least_once = 1;
    code_ =
        mosquitto_publish(client_.get(), nullptr, packet.topic.c_str(), static_cast<int>(packet.bytes.size()),
                          packet.bytes.data(), at_least_once, packet.retain);
    return code_ == MOSQ_ERR_SUCCESS || code_ == MOSQ_ERR_NO_CONN;  // it connects again by itself
  }
  std::string problem() const override { return mosquitto_strerror(code_); }

 private:
  const inlets::MqttClient client_;
  int code_ = MOSQ_ERR_SUCCESS;
};

Opened open_broker(const std::string& host, std::uint16_t port) {
  auto broker = std::make_unique<Broker>();
  if (auto problem = broker->open(host, port); !problem.empty()) return problem;
  return broker;
}
#else
Opened open_broker(const std::string&, std::uint16_t) {
  return "this build speaks no MQTT: it was made without libmosquitto-dev";
}
#endif

}  // namespace

Opened open_outlet(const std::string& target, bool text) {
  if (target == "-") return std::make_unique<StandardOutput>(text);
  if (target == "pty") return open_terminal(text);
  const auto kind = target.substr(0, target.find(':'));
  if (kind == "udp" || kind == "mqtt") {
    const auto to = inlets::host_and_port(target.substr(std::min(kind.size() + 1, target.size())));
    constexpr std::uint16_t brokers_port = 1883;
    if (to && !to->host.empty() && kind == "mqtt")
      return open_broker(to->host, to->port.value_or(brokers_port));
    if (to && !to->host.empty() && to->port) return open_datagrams(to->host, *to->port);
  }
  return "\"" + target + "\" is no place to send to: -, pty, udp:HOST:PORT or mqtt:HOST[:PORT] (opp2)";
}

}  // namespace piste::app
