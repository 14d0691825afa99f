#include "support/raw_websocket.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace piste::test {
namespace {

constexpr std::array<char, 4> mask{'\x12', '\x34', '\x56', '\x78'};

unsigned shortest_form(std::uint64_t length) {
  if (length < 126) return 7;
  return length < 65'536 ? 16 : 64;
}

std::string big_endian(std::uint64_t value, unsigned bits) {
  std::string out;
  for (unsigned shift = bits; shift > 0; shift -= 8) out += static_cast<char>(value >> (shift - 8));
  return out;
}

}  // namespace

std::string bytes_of(const RawFrame& frame, const Wire& wire) {
  const std::uint64_t length = wire.claimed_length.value_or(frame.payload.size());
  const unsigned bits = wire.length_bits ? wire.length_bits : shortest_form(length);
  const unsigned short_length = bits == 7 ? static_cast<unsigned>(length) : bits == 16 ? 126 : 127;
  std::string out;
  out += static_cast<char>((frame.fin ? 0x80u : 0u) | frame.reserved << 4 | frame.opcode);
  out += static_cast<char>((wire.masked ? 0x80u : 0u) | short_length);
  if (bits > 7) out += big_endian(length, bits);
  if (!wire.masked) return out + frame.payload;
  out.append(mask.begin(), mask.end());
  for (std::size_t i = 0; i < frame.payload.size(); ++i)
    out += static_cast<char>(frame.payload[i] ^ mask[i % 4]);
  return out;
}

std::string close_payload(unsigned code, std::string_view reason) {
  return big_endian(code, 16) + std::string(reason);
}

RawWebSocket::RawWebSocket(std::uint16_t port, std::string_view early) : stream_(context_) {
  const auto failed = wait_for(context_, [&](auto done) { stream_.async_connect(local(port), done); });
  if (failed) throw boost::system::system_error(failed);
  send(
      "GET /stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
      std::string(early));
  std::size_t end = received_.npos;
  while ((end = received_.find("\r\n\r\n")) == received_.npos) {
    if (!fill(received_.size() + 1)) throw std::runtime_error("no answer to the upgrade");
  }
  if (!received_.starts_with("HTTP/1.1 101")) throw std::runtime_error("no upgrade: " + received_);
  received_.erase(0, end + 4);
}

void RawWebSocket::send(std::string_view bytes) {
  // A server that has closed already is what a test may wait for.
  wait_for(context_,
           [&](auto done) { asio::async_write(stream_, asio::buffer(bytes.data(), bytes.size()), done); });
}

bool RawWebSocket::fill(std::size_t count) {
  std::array<char, 4096> piece{};
  while (received_.size() < count) {
    std::size_t size = 0;
    const auto failed = wait_for(context_, [&](auto done) {
      stream_.async_read_some(asio::buffer(piece), [&size, done](error_code ec, std::size_t read) mutable {
        size = read;
        done(ec);
      });
    });
    if (failed) return false;
    received_.append(piece.data(), size);
  }
  return true;
}

std::string RawWebSocket::take(std::size_t count) {
  std::string out = received_.substr(0, count);
  received_.erase(0, count);
  return out;
}

std::optional<RawFrame> RawWebSocket::receive() {
  if (!fill(2)) return std::nullopt;
  const std::string head = take(2);
  const auto first = static_cast<unsigned char>(head[0]);
  std::uint64_t length = static_cast<unsigned char>(head[1]) & 0x7F;
  if (length >= 126) {
    const std::size_t size = length == 126 ? 2 : 8;
    if (!fill(size)) return std::nullopt;
    length = 0;
    for (const char byte : take(size)) length = length << 8 | static_cast<unsigned char>(byte);
  }
  if (!fill(length)) return std::nullopt;
  return RawFrame{(first & 0x80) != 0, first >> 4 & 7u, first & 15u, take(length)};
}

unsigned RawWebSocket::close_code() {
  while (const auto frame = receive()) {
    if (frame->opcode != Opcode::close) continue;
    if (frame->payload.size() < 2) return 1005;
    return static_cast<unsigned char>(frame->payload[0]) << 8 | static_cast<unsigned char>(frame->payload[1]);
  }
  return 1006;
}

}  // namespace piste::test
