#include "support/websocket_client.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace piste::test {
namespace {

namespace websocket = beast::websocket;

void check(error_code ec) {
  if (ec) throw boost::system::system_error(ec);
}

}  // namespace

WebSocketClient::WebSocketClient(std::uint16_t port, std::string_view target, bool deflate)
    : socket_(context_) {
  check(wait_for(context_, [&](auto done) { stream().async_connect(local(port), std::move(done)); }));
  stream().socket().set_option(tcp::no_delay(true));
  websocket::permessage_deflate offer;
  offer.client_enable = deflate;
  socket_.set_option(offer);
  socket_.read_message_max(1ull << 30);
  socket_.control_callback(
      [this](websocket::frame_type kind, auto) { pings_ += kind == websocket::frame_type::ping; });
  websocket::response_type response;
  check(wait_for(context_, [&](auto done) {
    socket_.async_handshake(response, "127.0.0.1", std::string(target), std::move(done));
  }));
  deflate_accepted_ = response.count(beast::http::field::sec_websocket_extensions) > 0;
}

void WebSocketClient::send(const json::object& message) {
  send_text(json::serialize(message));
}

void WebSocketClient::send_text(std::string_view text) {
  socket_.text(true);
  check(wait_for(context_, [&](auto done) { socket_.async_write(asio::buffer(text), std::move(done)); }));
}

void WebSocketClient::send_bytes(std::string_view bytes) {
  socket_.binary(true);
  check(wait_for(context_, [&](auto done) { socket_.async_write(asio::buffer(bytes), std::move(done)); }));
}

void WebSocketClient::ping() {
  check(wait_for(context_, [&](auto done) { socket_.async_ping({}, std::move(done)); }));
}

error_code WebSocketClient::read() {
  buffer_.clear();
  return wait_for(context_, [&](auto done) { socket_.async_read(buffer_, std::move(done)); }, patience_);
}

json::object WebSocketClient::receive() {
  check(read());
  const auto data = buffer_.cdata();
  return json::parse({static_cast<const char*>(data.data()), data.size()}).as_object();
}

json::object WebSocketClient::receive(std::string_view type) {
  for (;;) {
    auto message = receive();
    if (message.at("type").as_string() == type) return message;
  }
}

int WebSocketClient::wait_close() {
  while (!read()) {
  }
  const int code = socket_.reason().code;
  return code == websocket::close_code::none ? websocket::close_code::abnormal : code;
}

void WebSocketClient::close() {
  check(wait_for(context_,
                 [&](auto done) { socket_.async_close(websocket::close_code::normal, std::move(done)); }));
}

void WebSocketClient::vanish() {
  stream().close();
}

json::object WebSocketClient::start(const std::string& id, int width, int height, double fps,
                                    const json::object& more) {
  id_ = id;
  json::object message{
      {"type", "session_start"}, {"session_id", id}, {"fps", fps}, {"width", width}, {"height", height}};
  message.insert(more.begin(), more.end());
  send(message);
  return receive();
}

void WebSocketClient::send_frame(std::int64_t number, std::string_view bytes, std::string_view encoding) {
  send({{"type", "frame"},
        {"session_id", id_},
        {"frame_number", number},
        {"timestamp", 1699276800.0 + static_cast<double>(number) / 30},
        {"encoding", encoding},
        {"size", bytes.size()}});
  send_bytes(bytes);
}

json::object WebSocketClient::frame(std::int64_t number, std::string_view bytes, std::string_view encoding) {
  send_frame(number, bytes, encoding);
  return receive();
}

json::object WebSocketClient::end(std::int64_t total) {
  send({{"type", "session_end"}, {"session_id", id_}, {"total_frames", total}});
  return receive();
}

void WebSocketClient::send_signal(std::string_view log) {
  send({{"type", "signal"}, {"session_id", id_}, {"filename", "phrase.txt"}, {"size", log.size()}});
  send_bytes(log);
}

json::object WebSocketClient::signal(std::string_view log) {
  send_signal(log);
  return receive();
}

}  // namespace piste::test
