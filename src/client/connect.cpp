#include "client/connect.h"

namespace piste::client {
namespace {

namespace asio = boost::asio;

// With what may be done about it.
Error in_our_words(const base::Error<net::ConnectError>& failed) {
  switch (failed.code) {
    case net::ConnectError::no_tls:
      return {ErrorCode::no_entry, failed.message + "; try http:// instead of https:// (ws:// of wss://)"};
    case net::ConnectError::untrusted:
      return {ErrorCode::no_entry, failed.message + "; --ca names a file with the certificate to trust"};
    case net::ConnectError::certificates:
      return {ErrorCode::usage, "--ca " + failed.message};
    case net::ConnectError::unreachable:
      break;
  }
  return {ErrorCode::connection, failed.message};
}

}  // namespace

asio::awaitable<Result<base::Done>> connect(net::Stream& stream, const ServerUrl& url,
                                            const ConnectOptions& options) {
  const net::Peer peer{url.tls, url.host, url.port};
  const auto connected = co_await net::connect(stream, peer, options);
  if (!connected) co_return in_our_words(connected.error());
  co_return base::Done{};
}

}  // namespace piste::client
