#include "inlets/inlet.h"

#include <unistd.h>

#include "base/steady.h"
#include "boxes/simulator.h"
#include "inlets/descriptor.h"

namespace piste::inlets {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{64} << 10;  // the largest datagram fits

int usual_baud(boxes::Protocol protocol) {
  switch (protocol) {
    case boxes::Protocol::fpa:
      return 38'400;
    case boxes::Protocol::stgeorge:
      return 9'600;
    case boxes::Protocol::favero:
      return 2'400;
    default:
      return 115'200;
  }
}

struct Open {
  boxes::Protocol protocol;
  const std::optional<Greeting>& greeting;
  const std::stop_token& stop;

  Opened operator()(const Serial& line) const {
    return open_serial(line, line.baud.value_or(usual_baud(protocol)));
  }
  Opened operator()(const Udp& socket) const { return open_udp(socket, boxes::is_text(protocol), greeting); }
  Opened operator()(const Tcp& peer) const { return open_tcp(peer, stop); }
  Opened operator()(const Mqtt& broker) const { return open_mqtt(broker, protocol); }
  Opened operator()(const StandardInput&) const {
    return std::unique_ptr<Inlet>(std::make_unique<StreamInlet>(
        Descriptor(dup(STDIN_FILENO)), Error{ErrorCode::over, "the input has ended"}));
  }
};

}  // namespace

Result<std::optional<Chunk>> read_chunk(const Descriptor& from, std::chrono::milliseconds limit) {
  pollfd waiting{from.get(), POLLIN, 0};
  if (poll(&waiting, 1, static_cast<int>(limit.count())) <= 0) return std::optional<Chunk>();
  Chunk chunk;
  chunk.bytes.resize(chunk_bytes);
  const ssize_t count = read(from.get(), chunk.bytes.data(), chunk.bytes.size());
  chunk.received = base::steady_seconds();
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return std::optional<Chunk>();
  if (count < 0) return Error{ErrorCode::lost, system_error()};
  chunk.bytes.resize(static_cast<std::size_t>(count));
  return std::optional(std::move(chunk));
}

Result<std::optional<Chunk>> StreamInlet::next(std::chrono::milliseconds limit) {
  auto chunk = read_chunk(from_, limit);
  if (chunk && *chunk && (*chunk)->bytes.empty()) return end_;
  return chunk;
}

Result<std::unique_ptr<Inlet>> open_inlet(const Address& address, boxes::Protocol protocol,
                                          const std::optional<Greeting>& greeting,
                                          const std::stop_token& stop) {
  return std::visit(Open{protocol, greeting, stop}, address);
}

}  // namespace piste::inlets
