// Where a simulated box sends: standard output, a pseudo terminal, UDP, or an MQTT broker.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "boxes/simulator.h"

namespace piste::app {

class Outlet {
 public:
  virtual ~Outlet() = default;
  // False: nobody can be reached any more; then `problem` says why.
  virtual bool send(const boxes::Packet& packet) = 0;
  virtual std::string problem() const = 0;
};

// "-", "pty", "udp:HOST:PORT" or "mqtt:HOST[:PORT]"; with text, packets in a stream get a line end each. Else
// what is wrong with it. A pseudo terminal's name is told on standard error.
std::variant<std::unique_ptr<Outlet>, std::string> open_outlet(const std::string& target, bool text);

}  // namespace piste::app
