// What comes in a request's line and headers: its target, and X-Forwarded-For.
#include "bytes.h"
#include "server/peer_address.h"
#include "server/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace piste;
  const std::string_view text = fuzz::text_of({data, size});
  const server::Target target = server::split_target(text);
  server::token_in(target.query);
  if (text.find_first_of("\r\n") != text.npos || text.size() > 4096) return 0;
  static const auto trusted = *server::TrustedProxies::parse("127.0.0.0/8,::/0");
  server::Request request;
  request.set("X-Forwarded-For", text);
  server::limit_key(server::client_address(server::asio::ip::address_v4::loopback(), request, trusted));
  static_cast<void>(server::TrustedProxies::parse(text).ok());
  return 0;
}
