// A file descriptor, closed at its end; and what all that is read from one does alike.
#pragma once

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "inlets/inlet.h"

namespace piste::inlets {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  bool ok() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

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
