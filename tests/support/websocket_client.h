// A small blocking WebSocket client for the guide's protocol.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/network.h"

namespace piste::test {

namespace json = boost::json;

// Throws Timeout, or boost::system::system_error where the connection breaks.
class WebSocketClient {
 public:
  // Connects and upgrades. deflate: offers permessage-deflate.
  explicit WebSocketClient(std::uint16_t port, std::string_view target = "/stream", bool deflate = false);

  void send(const json::object& message);
  void send_text(std::string_view text);
  void send_bytes(std::string_view bytes);
  void ping();

  // How long receive() waits for the other side from now on.
  void wait_up_to(std::chrono::seconds limit) { patience_ = limit; }
  // The next message; throws when the server closes instead.
  json::object receive();
  // Reads on until a message of this type; the others are dropped.
  json::object receive(std::string_view type);
  // Reads on until the server has closed; its close code, 1006 when it did not say one.
  int wait_close();
  // A proper goodbye.
  void close();
  // Goes without a word.
  void vanish();

  bool deflate_accepted() const { return deflate_accepted_; }
  int pings() const { return pings_; }  // received while waiting
  beast::tcp_stream& stream() { return beast::get_lowest_layer(socket_); }

  // The guide's messages. more: further fields of session_start.
  json::object start(const std::string& id, int width, int height, double fps = 30,
                     const json::object& more = {});
  json::object frame(std::int64_t number, std::string_view bytes, std::string_view encoding = "jpeg");
  void send_frame(std::int64_t number, std::string_view bytes, std::string_view encoding = "jpeg");
  json::object end(std::int64_t total);
  void send_signal(std::string_view log);
  json::object signal(std::string_view log);

 private:
  error_code read();

  asio::io_context context_;
  beast::websocket::stream<beast::tcp_stream> socket_;
  beast::flat_buffer buffer_;
  std::string id_;
  std::chrono::seconds patience_ = patience;
  bool deflate_accepted_ = false;
  int pings_ = 0;
};

}  // namespace piste::test
