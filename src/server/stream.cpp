#include "server/stream.h"

namespace piste::server {

Task<error_code> Stream::handshake(std::shared_ptr<asio::ssl::context> context,
                                   const beast::flat_buffer& begun) {
  context_ = std::move(context);
  Tcp plain = std::move(std::get<Tcp>(layers_));
  Tls& over = layers_.emplace<Tls>(std::move(plain), *context_);
  const auto [failed, used] =
      co_await over.async_handshake(asio::ssl::stream_base::server, begun.data(), as_value);
  co_return failed;
}

}  // namespace piste::server
