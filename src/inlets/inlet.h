// Where a scoring box's bytes arrive: a serial line, UDP, TCP, an MQTT broker, standard input. All of them
// only listen, for nobody may speak on a competition's network: a serial line is opened for reading, UDP has
// no code to send but for the greeting that somebody asked for, MQTT subscribes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "boxes/decoder.h"
#include "inlets/address.h"
#include "inlets/error.h"

namespace piste::inlets {

// Bytes as they came, for the decoder: a datagram of text has its line feed behind it.
struct Chunk {
  std::vector<std::uint8_t> bytes;
  double received = 0;  // when the last of them was there, on base::steady_seconds()
};

class Inlet {
 public:
  virtual ~Inlet() = default;
  // What has come, at the latest after so long; nullopt: it was silent. After an error there is nothing more.
  virtual Result<std::optional<Chunk>> next(std::chrono::milliseconds limit) = 0;
};

// A box that speaks only to the software that greets it: Cyrano's HELLO every 15 s. Never beside a real
// competition software, from which it would take the box.
struct Greeting {
  std::string host;
  std::uint16_t port = 50100;
  std::string piste;
  bool operator==(const Greeting&) const = default;
};

// stop: a connection that is being made is given up.
Result<std::unique_ptr<Inlet>> open_inlet(const Address& address, boxes::Protocol protocol,
                                          const std::optional<Greeting>& greeting,
                                          const std::stop_token& stop);

}  // namespace piste::inlets
