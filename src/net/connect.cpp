#include "net/connect.h"

#include <netinet/tcp.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

#include "base/text.h"

namespace piste::net {
namespace {

namespace asio = boost::asio;
using Failure = base::Error<ConnectError>;
using Connected = base::Result<base::Done, ConnectError>;

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

// A cable that is pulled shows only in bytes that nobody acknowledges: give up after this long.
constexpr unsigned unacknowledged_limit_ms = 60'000;

Failure no_connection(ConnectError error, const Peer& peer, const std::string& what) {
  const std::string where = base::escaped(peer.host) + " port " + base::escaped(peer.port);
  return {error, "cannot connect to " + where + ": " + what};
}

void tune(asio::ip::tcp::socket& socket) {
  boost::system::error_code ignored;  // neither option is needed for the connection to work
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  const unsigned limit = unacknowledged_limit_ms;
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
}

Connected trust(asio::ssl::context& context, const std::filesystem::path& ca) {
  boost::system::error_code failed;
  context.set_default_verify_paths(failed);
  if (ca.empty()) return base::Done{};
  context.load_verify_file(ca.string(), failed);
  if (!failed) return base::Done{};
  return Failure{ConnectError::certificates,
                 base::escaped(ca.string()) + ": not a file with certificates in PEM form"};
}

// What came was no TLS at all: a server of plain HTTP answers so.
bool speaks_no_tls(const boost::system::error_code& failed) {
  if (failed.category() != asio::error::get_ssl_category()) return false;
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(failed.value()));
  return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST ||
         reason == SSL_R_UNKNOWN_PROTOCOL || reason == SSL_R_PACKET_LENGTH_TOO_LONG;
}

Failure tls_failure(const Peer& peer, SSL* ssl, const boost::system::error_code& failed) {
  if (speaks_no_tls(failed))
    return no_connection(ConnectError::no_tls, peer, "what answers there is not TLS");
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict == X509_V_OK) return no_connection(ConnectError::unreachable, peer, "TLS: " + failed.message());
  return no_connection(ConnectError::untrusted, peer,
                       std::string("the server's certificate is not trusted (") +
                           X509_verify_cert_error_string(verdict) + ")");
}

asio::awaitable<Connected> connect_tcp(Stream& stream, const Peer& peer, const ConnectOptions& options) {
  asio::ip::tcp::resolver resolver(stream.get_executor());
  auto [not_found, addresses] = co_await resolver.async_resolve(peer.host, peer.port, as_value);
  if (not_found) co_return no_connection(ConnectError::unreachable, peer, not_found.message());
  stream.next_layer().expires_after(options.connect_timeout);
  auto [failed, endpoint] = co_await stream.next_layer().async_connect(addresses, as_value);
  stream.next_layer().expires_never();
  if (failed) co_return no_connection(ConnectError::unreachable, peer, failed.message());
  tune(stream.socket());
  co_return base::Done{};
}

asio::awaitable<Connected> start_tls(Stream& stream, const Peer& peer, const ConnectOptions& options) {
  const auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  const auto trusted = trust(*context, options.ca);
  if (!trusted) co_return trusted.error();
  context->set_verify_mode(asio::ssl::verify_peer);
  context->set_verify_callback(asio::ssl::host_name_verification(peer.host));
  stream.start_tls(context);
  boost::system::error_code no_address;
  asio::ip::make_address(peer.host, no_address);
  // Names only: RFC 6066 forbids addresses here.
  if (no_address) SSL_set_tlsext_host_name(stream.tls(), peer.host.c_str());
  stream.next_layer().expires_after(options.connect_timeout);
  const auto failed = co_await stream.handshake(asio::ssl::stream_base::client);
  stream.next_layer().expires_never();
  if (failed) co_return tls_failure(peer, stream.tls(), failed);
  co_return base::Done{};
}

}  // namespace

asio::awaitable<Connected> connect(Stream& stream, const Peer& peer, const ConnectOptions& options) {
  const auto connected = co_await connect_tcp(stream, peer, options);
  if (!connected) co_return connected.error();
  if (!peer.tls) co_return base::Done{};
  co_return co_await start_tls(stream, peer, options);
}

}  // namespace piste::net
