// What both kinds of WebSocket connections say of themselves and at their end.
#pragma once

#include <algorithm>
#include <boost/beast/websocket/stream.hpp>
#include <string>
#include <string_view>

#include "server/net.h"
#include "server/reply.h"

namespace piste::server {

// A close reason has room for 123 bytes of UTF-8.
inline beast::websocket::close_reason make_reason(int code, std::string_view text) {
  std::size_t length = std::min<std::size_t>(text.size(), 123);
  while (length > 0 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
    --length;
  return {static_cast<beast::websocket::close_code>(code), text.substr(0, length)};
}

// Which service this is, and the date, in the handshake's answer.
inline auto introduction(const std::string& version) {
  return beast::websocket::stream_base::decorator([version](beast::websocket::response_type& response) {
    response.set(http::field::server, "piste/" + version);
    response.set(http::field::date, http_date());
  });
}

}  // namespace piste::server
