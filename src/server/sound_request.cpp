#include "server/sound_request.h"

#include <array>
#include <boost/beast/websocket/rfc6455.hpp>

#include "server/base64.h"

namespace piste::server {
namespace {

constexpr std::size_t key_bytes = 16;
constexpr std::array single_fields{http::field::host,
                                   http::field::authorization,
                                   http::field::content_type,
                                   http::field::content_length,
                                   http::field::expect,
                                   http::field::sec_websocket_key,
                                   http::field::sec_websocket_version};

}  // namespace

std::optional<std::string> fault_in(const Request& request) {
  for (const auto field : single_fields) {
    if (request.count(field) > 1)
      return "The request has more than one " + std::string(http::to_string(field));
  }
  if (request.version() == 11 && request.count(http::field::host) == 0) return "The request has no Host";
  if (request[http::field::host].find_first_of(" \t,/@?#\\") != std::string_view::npos)
    return "The request's Host is no host";
  if (!beast::websocket::is_upgrade(request)) return std::nullopt;
  const auto key = base64_decoded(request[http::field::sec_websocket_key]);
  if (!key || key->size() != key_bytes) return "Sec-WebSocket-Key must be 16 bytes in base64";
  return std::nullopt;
}

}  // namespace piste::server
