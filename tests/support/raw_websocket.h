// A WebSocket client that puts its frames together itself, so that it can send wrong ones (RFC 6455, 5.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/network.h"

namespace piste::test {

enum Opcode : unsigned { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct RawFrame {
  bool fin = true;
  unsigned reserved = 0;  // the three bits
  unsigned opcode = text;
  std::string payload = {};
};

struct Wire {
  bool masked = true;
  unsigned length_bits = 0;                          // 7, 16 or 64; 0: the shortest that does
  std::optional<std::uint64_t> claimed_length = {};  // instead of the payload's own
};

std::string bytes_of(const RawFrame& frame, const Wire& wire = {});
// A close frame's payload.
std::string close_payload(unsigned code, std::string_view reason = "");

class RawWebSocket {
 public:
  // Connects and upgrades at /stream. early: bytes that go out in one piece with the request.
  explicit RawWebSocket(std::uint16_t port, std::string_view early = {});

  void send(std::string_view bytes);
  void send(const RawFrame& frame) { send(bytes_of(frame)); }
  // The next frame; nullopt when the connection is over.
  std::optional<RawFrame> receive();
  // Reads on until the server closes: its code; 1005 when it gave none, 1006 when it just went.
  unsigned close_code();

 private:
  bool fill(std::size_t count);
  std::string take(std::size_t count);

  asio::io_context context_;
  beast::tcp_stream stream_;
  std::string received_;
};

}  // namespace piste::test
