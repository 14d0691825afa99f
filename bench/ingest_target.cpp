#include "ingest_target.h"

#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>

#include "tcp_sink.h"
#include "video/codec.h"

namespace piste::bench {
namespace {

namespace asio = boost::asio;
using asio::use_awaitable;

// RFC 6455's masking: any key will do for a load; not 0, which a server could leave out.
constexpr std::array<char, 4> mask_key{0x35, 0x5A, 0x17, 0x6C};
constexpr int text = 0x1;
constexpr int binary = 0x2;

// A client's message in one frame, masked.
void append_message(std::string& out, int opcode, std::string_view payload) {
  out.push_back(static_cast<char>(0x80 | opcode));
  const std::uint64_t size = payload.size();
  const int length_bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  const int length_code = length_bytes == 0 ? static_cast<int>(size) : length_bytes == 2 ? 126 : 127;
  out.push_back(static_cast<char>(0x80 | length_code));
  for (int i = length_bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(size >> (8 * i)));
  out.append(mask_key.begin(), mask_key.end());
  const std::size_t start = out.size();
  out.append(payload);
  for (std::size_t i = 0; i < payload.size(); ++i)
    out[start + i] = static_cast<char>(out[start + i] ^ mask_key[i % 4]);
}

// The next message of the server that has come whole: its text, and how many bytes it took. 0 bytes: not yet.
std::pair<std::string_view, std::size_t> next_message(std::string_view received) {
  if (received.size() < 2) return {};
  std::size_t head = 2;
  std::uint64_t size = static_cast<unsigned char>(received[1]) & 0x7F;
  if (size >= 126) {
    const std::size_t length_bytes = size == 126 ? 2 : 8;
    if (received.size() < head + length_bytes) return {};
    size = 0;
    for (std::size_t i = 0; i < length_bytes; ++i)
      size = size << 8 | static_cast<unsigned char>(received[head + i]);
    head += length_bytes;
  }
  if (received.size() - head < size) return {};
  return {received.substr(head, size), head + size};
}

class ServiceTalk : public Talk {
 public:
  ServiceTalk(const Picture& picture, const std::vector<std::string>& messages, int session)
      : picture_(picture), messages_(messages), id_("ingest-" + std::to_string(session)) {}

  Task<void> open(Socket& socket) override {
    co_await upgrade(socket);
    std::string start;
    append_message(start, text,
                   R"({"type":"session_start","session_id":")" + id_ + R"(","fps":30,"width":)" +
                       std::to_string(picture_.width) + R"(,"height":)" + std::to_string(picture_.height) +
                       "}");
    co_await asio::async_write(socket, asio::buffer(start), use_awaitable);
    co_await expect(socket, "session_started");
  }

  Buffers frame(std::int64_t number) override {
    const std::string& message = messages_[static_cast<std::size_t>(number) % messages_.size()];
    header_.clear();
    append_message(header_, text,
                   R"({"type":"frame","session_id":")" + id_ + R"(","frame_number":)" +
                       std::to_string(number) + R"(,"timestamp":)" +
                       std::to_string(1.7e9 + static_cast<double>(number) / 30) + R"(,"encoding":")" +
                       std::string(video::to_string(picture_.encoding)) + R"(","size":)" +
                       std::to_string(picture_bytes(message)) + "}");
    return {asio::buffer(header_), asio::buffer(message)};
  }

  std::size_t take_answers(std::string& received) override {
    std::size_t answers = 0;
    std::size_t used = 0;
    for (;;) {
      const auto [message, size] = next_message(std::string_view(received).substr(used));
      if (size == 0) break;
      const bool is_text = (received[used] & 0x0F) == text;
      used += size;
      if (!is_text) continue;  // a ping
      if (message.find("\"frame_ack\"") == message.npos || message.find("\"received\"") == message.npos) {
        if (message.find("process_progress") != message.npos) continue;
        throw std::runtime_error("the service answers: " + std::string(message.substr(0, 300)));
      }
      ++answers;
    }
    received.erase(0, used);
    return answers;
  }

  Task<void> close(Socket& socket) override {
    std::string end;
    append_message(end, text, R"({"type":"session_abort","session_id":")" + id_ + "\"}");
    co_await asio::async_write(socket, asio::buffer(end), use_awaitable);
    co_await expect(socket, "session_aborted");
  }

 private:
  // What is left of a binary message without its head: two bytes, the length, the key.
  static std::size_t picture_bytes(const std::string& message) {
    const int code = static_cast<unsigned char>(message[1]) & 0x7F;
    return message.size() - 6 - (code == 127 ? 8 : code == 126 ? 2 : 0);
  }

  static Task<void> upgrade(Socket& socket) {
    const std::string request =
        "GET /stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    co_await asio::async_write(socket, asio::buffer(request), use_awaitable);
    std::string response;
    co_await asio::async_read_until(socket, asio::dynamic_buffer(response, 16384), "\r\n\r\n", use_awaitable);
    if (response.find(" 101 ") == response.npos) throw std::runtime_error("no upgrade: " + response);
  }

  static Task<void> expect(Socket& socket, std::string_view type) {
    std::string received;
    for (;;) {
      const auto [message, size] = next_message(received);
      if (size > 0 && message.find(type) != message.npos) co_return;
      if (size > 0 && message.find("\"error\"") != message.npos)
        throw std::runtime_error(std::string(message));
      if (size > 0) {
        received.erase(0, size);
        continue;
      }
      std::array<char, 4096> piece{};
      const std::size_t count = co_await socket.async_read_some(asio::buffer(piece), use_awaitable);
      received.append(piece.data(), count);
    }
  }

  const Picture& picture_;
  const std::vector<std::string>& messages_;
  const std::string id_;
  std::string header_;
};

class SinkTalk : public Talk {
 public:
  explicit SinkTalk(const Frames& frames) : frames_(frames) {}

  Task<void> open(Socket&) override { co_return; }
  Buffers frame(std::int64_t number) override {
    const types::Bytes& bytes = frames_[static_cast<std::size_t>(number) % frames_.size()];
    length_ = bytes.size();
    return {asio::buffer(&length_, sizeof length_), asio::buffer(bytes)};
  }
  std::size_t take_answers(std::string& received) override {
    const std::size_t answers = received.size();
    received.clear();
    return answers;
  }
  Task<void> close(Socket&) override { co_return; }

 private:
  const Frames& frames_;
  SinkLength length_ = 0;
};

}  // namespace

ServiceTarget::ServiceTarget(const Picture& picture, const Frames& frames) : picture_(picture) {
  for (const types::Bytes& frame : frames) {
    std::string message;
    message.reserve(frame.size() + 16);
    append_message(message, binary, {reinterpret_cast<const char*>(frame.data()), frame.size()});
    messages_.push_back(std::move(message));
  }
}

std::unique_ptr<Talk> ServiceTarget::talk(int session) const {
  return std::make_unique<ServiceTalk>(picture_, messages_, session);
}

std::unique_ptr<Talk> SinkTarget::talk(int) const {
  return std::make_unique<SinkTalk>(frames_);
}

}  // namespace piste::bench
