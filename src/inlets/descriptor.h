// What all that is read from a file descriptor does alike.
#pragma once

#include <poll.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "base/descriptor.h"
#include "inlets/inlet.h"

namespace piste::inlets {

using base::Descriptor;

inline std::string system_error() {
  return std::strerror(errno);
}

// What has come, at the latest after so long. A read of nothing is the end, but of a datagram.
Result<std::optional<Chunk>> read_chunk(const Descriptor& from, std::chrono::milliseconds limit);

// A stream of bytes: a serial line, a TCP connection, a pipe.
class StreamInlet final : public Inlet {
 public:
  // end: what its end is.
  StreamInlet(Descriptor from, Error end) : from_(std::move(from)), end_(std::move(end)) {}
  Result<std::optional<Chunk>> next(std::chrono::milliseconds limit) override;

 private:
  const Descriptor from_;
  const Error end_;
};

using Opened = Result<std::unique_ptr<Inlet>>;

Opened open_serial(const Serial& line, int baud);
Opened open_udp(const Udp& socket, bool text, const std::optional<Greeting>& greeting);
Opened open_tcp(const Tcp& peer, const std::stop_token& stop);
Opened open_mqtt(const Mqtt& broker, boxes::Protocol protocol);

}  // namespace piste::inlets
