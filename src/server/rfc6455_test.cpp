// RFC 6455 against the real port: what a peer may send, and what ends a connection with which code.
#include <ostream>

#include "server/server_fixture.h"
#include "support/raw_websocket.h"

namespace piste::server {
namespace {

using test::bytes_of;
using test::close_payload;
using test::Opcode;
using test::RawFrame;
using test::RawWebSocket;
using test::Wire;

constexpr unsigned normal = 1000;
constexpr unsigned protocol_error = 1002;
constexpr unsigned bad_payload = 1007;
constexpr unsigned too_big = 1009;

const std::string ping_message = R"({"type":"ping","id":"\u00e9)"
                                 "\xC3\xA9\"}";  // é twice: as an escape and as two bytes

// ---------------------------------------------------------------- what is well-formed is answered

struct Accepted {
  const char* what;
  std::vector<std::string> pieces;  // sent one by one
};

void PrintTo(const Accepted& accepted, std::ostream* out) {
  *out << accepted.what;
}

std::vector<std::string> bytewise(const std::string& bytes) {
  std::vector<std::string> pieces;
  for (const char byte : bytes) pieces.emplace_back(1, byte);
  return pieces;
}

// The message in so many frames, with something in between.
std::vector<std::string> fragments(std::size_t size, const std::string& between = "") {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < ping_message.size(); at += size) {
    const bool last = at + size >= ping_message.size();
    pieces.push_back(
        bytes_of({last, 0, at == 0 ? Opcode::text : Opcode::continuation, ping_message.substr(at, size)}));
    if (!last && !between.empty()) pieces.push_back(between);
  }
  return pieces;
}

const std::string long_message = R"({"type":"ping","id":1})" + std::string(60'000, ' ');

const Accepted accepted[] = {
    {"one frame", {bytes_of({.payload = ping_message})}},
    {"byte by byte", bytewise(bytes_of({.payload = ping_message}))},
    {"two fragments", fragments(10)},
    {"fragments of one byte, characters cut in two", fragments(1)},
    {"pings between fragments", fragments(5, bytes_of({.opcode = Opcode::ping, .payload = "x"}))},
    {"unasked pongs between fragments", fragments(5, bytes_of({.opcode = Opcode::pong}))},
    {"an empty first and last fragment",
     {bytes_of({false, 0, Opcode::text, ""}), bytes_of({false, 0, Opcode::continuation, ping_message}),
      bytes_of({true, 0, Opcode::continuation, ""})}},
    {"16-bit length", {bytes_of({.payload = ping_message + std::string(200, ' ')})}},
    {"60 000 bytes", {bytes_of({.payload = long_message})}},
    {"a ping of 125 bytes before",
     {bytes_of({.opcode = Opcode::ping, .payload = std::string(125, 'p')}),
      bytes_of({.payload = ping_message})}},
};

class Rfc6455Accepts : public ServerTest, public testing::WithParamInterface<Accepted> {};

TEST_P(Rfc6455Accepts, AndAnswers) {
  RawWebSocket client(port());
  for (const auto& piece : GetParam().pieces) client.send(piece);
  auto frame = client.receive();
  while (frame && frame->opcode == Opcode::pong) frame = client.receive();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->opcode, Opcode::text);
  EXPECT_EQ(frame->reserved, 0u);
  EXPECT_THAT(frame->payload, testing::HasSubstr("pong"));
}

INSTANTIATE_TEST_SUITE_P(Table, Rfc6455Accepts, testing::ValuesIn(accepted));

// ---------------------------------------------------------------- what is not ends the connection

struct Refused {
  const char* what;
  std::string bytes;
  unsigned code;
};

void PrintTo(const Refused& refused, std::ostream* out) {
  *out << refused.what;
}

std::string closing(const std::string& payload) {
  return bytes_of({.opcode = Opcode::close, .payload = payload});
}

const Refused refused[] = {
    {"reserved bit 1", bytes_of({.reserved = 4, .payload = "x"}), protocol_error},
    {"reserved bit 2", bytes_of({.reserved = 2, .payload = "x"}), protocol_error},
    {"reserved bit 3 on a ping", bytes_of({.reserved = 1, .opcode = Opcode::ping}), protocol_error},
    {"opcode 3", bytes_of({.opcode = 3}), protocol_error},
    {"opcode 7", bytes_of({.opcode = 7}), protocol_error},
    {"opcode 11", bytes_of({.opcode = 11}), protocol_error},
    {"opcode 15", bytes_of({.opcode = 15}), protocol_error},
    {"not masked", bytes_of({.payload = ping_message}, {.masked = false}), protocol_error},
    {"a ping in fragments", bytes_of({.fin = false, .opcode = Opcode::ping}), protocol_error},
    {"a ping of 126 bytes", bytes_of({.opcode = Opcode::ping, .payload = std::string(126, 'p')}),
     protocol_error},
    {"a close of 126 bytes", closing(close_payload(1000, std::string(124, 'r'))), protocol_error},
    {"continuation of nothing", bytes_of({.opcode = Opcode::continuation, .payload = "x"}), protocol_error},
    {"a new message within one",
     bytes_of({.fin = false, .payload = "{"}) + bytes_of({.opcode = Opcode::binary, .payload = "}"}),
     protocol_error},
    {"16 bits for a short length", bytes_of({.payload = ping_message}, {.length_bits = 16}), protocol_error},
    {"64 bits for a short length", bytes_of({.payload = ping_message}, {.length_bits = 64}), protocol_error},
    {"text that is not UTF-8", bytes_of({.payload = "{\"a\":\"\xC3\x28\"}"}), bad_payload},
    {"a surrogate in UTF-8", bytes_of({.payload = "\xED\xA0\x80"}), bad_payload},
    {"UTF-8 beyond the last character", bytes_of({.payload = "\xF4\x90\x80\x80"}), bad_payload},
    {"text that ends within a character", bytes_of({.payload = "{}\xE2\x82"}), bad_payload},
    {"text over the limit", bytes_of({.payload = std::string(70'000, ' ')}), too_big},
    {"close", closing(close_payload(1000, "bye")), normal},
    {"close 3000", closing(close_payload(3000)), 3000},
    {"close 4999", closing(close_payload(4999)), 4999},
    {"close of one byte", closing("x"), protocol_error},
    {"close 0", closing(close_payload(0)), protocol_error},
    {"close 999", closing(close_payload(999)), protocol_error},
    {"close 1004", closing(close_payload(1004)), protocol_error},
    {"close 1005", closing(close_payload(1005)), protocol_error},
    {"close 1006", closing(close_payload(1006)), protocol_error},
    {"close 1016", closing(close_payload(1016)), protocol_error},
    {"close 2999", closing(close_payload(2999)), protocol_error},
    {"a close reason that is not UTF-8", closing(close_payload(1000, "\xFF")), protocol_error},
};

class Rfc6455Refuses : public ServerTest, public testing::WithParamInterface<Refused> {};

TEST_P(Rfc6455Refuses, WithTheRightCode) {
  RawWebSocket client(port());
  client.send(GetParam().bytes);
  EXPECT_EQ(client.close_code(), GetParam().code);
  RawWebSocket other(port());
  other.send({.payload = ping_message});
  EXPECT_TRUE(other.receive()) << "others are served on";
}

INSTANTIATE_TEST_SUITE_P(Table, Rfc6455Refuses, testing::ValuesIn(refused));

// ---------------------------------------------------------------- single rules

class Rfc6455 : public ServerTest {};

// Clients that do not wait for the answer to their request.
TEST_F(Rfc6455, MessagesInOnePieceWithTheRequestAreTaken) {
  for (const std::size_t padding :
       {std::size_t{0}, std::size_t{1'000}, std::size_t{5'000}, std::size_t{40'000}}) {
    std::string early = bytes_of({.payload = R"({"type":"ping","id":1})" + std::string(padding, ' ')});
    early += bytes_of({.payload = R"({"type":"ping","id":2})"});
    const std::string third = bytes_of({.payload = R"({"type":"ping","id":3})"});
    early += third.substr(0, third.size() / 2);
    RawWebSocket client(port(), early);
    client.send(third.substr(third.size() / 2));
    for (const int id : {1, 2, 3}) {
      const auto answer = client.receive();
      ASSERT_TRUE(answer) << padding;
      EXPECT_NE(answer->payload.find("\"id\":" + std::to_string(id)), std::string::npos) << answer->payload;
    }
  }
}

TEST_F(Rfc6455, APongHasThePingsPayload) {
  RawWebSocket client(port());
  const std::string payload("\0\xFF some bytes", 13);
  client.send({.opcode = Opcode::ping, .payload = payload});
  const auto frame = client.receive();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->opcode, Opcode::pong);
  EXPECT_EQ(frame->payload, payload);
}

TEST_F(Rfc6455, ACloseWithoutACodeIsAnsweredWithoutOne) {
  RawWebSocket client(port());
  client.send({.opcode = Opcode::close});
  const auto frame = client.receive();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->opcode, Opcode::close);
  EXPECT_FALSE(client.receive()) << "then the connection ends";
}

TEST_F(Rfc6455, WhatComesAfterACloseIsNotLookedAt) {
  RawWebSocket client(port());
  client.send(closing(close_payload(1000)) + bytes_of({.payload = ping_message}));
  EXPECT_EQ(client.close_code(), normal);
}

// Also with the highest bit set, which no length may have: such a message ends by its time limit.
TEST_F(Rfc6455, AHugeLengthAnnouncedCostsNoMemory) {
  for (const std::uint64_t length : {1ull << 62, ~0ull}) {
    RawWebSocket client(port());
    client.send(
        bytes_of({.opcode = Opcode::binary, .payload = "x"}, {.length_bits = 64, .claimed_length = length}));
    RawWebSocket other(port());
    other.send({.payload = ping_message});
    EXPECT_TRUE(other.receive());
  }
}

TEST_F(Rfc6455, TheHandshakeNeedsItsFields) {
  const std::string line =
      "GET /stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  for (const auto* fields :
       {"Sec-WebSocket-Version: 13\r\n", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        "Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"}) {
    test::HttpClient client(port());
    client.send_raw(line + fields + "\r\n");
    const auto status = client.receive().result_int();
    EXPECT_GE(status, 400u) << fields;
    EXPECT_LT(status, 500u) << fields;
  }
}

}  // namespace
}  // namespace piste::server
