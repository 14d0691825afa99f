#include "client/connect.h"

#include <netinet/tcp.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <memory>

#include "base/text.h"
#include "client/awaiting.h"

namespace piste::client {
namespace {

namespace asio = boost::asio;

// A cable that is pulled shows only in bytes that nobody acknowledges: give up after this long.
constexpr unsigned unacknowledged_limit_ms = 60'000;

Error no_connection(const ServerUrl& url, std::string_view what) {
  const std::string where = base::escaped(url.host) + " port " + base::escaped(url.port);
  return {ErrorCode::connection, "cannot connect to " + where + ": " + std::string(what)};
}

void tune(asio::ip::tcp::socket& socket) {
  boost::system::error_code ignored;  // neither option is needed for the connection to work
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  const unsigned limit = unacknowledged_limit_ms;
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
}

Result<base::Done> trust(asio::ssl::context& context, const std::filesystem::path& ca) {
  boost::system::error_code failed;
  context.set_default_verify_paths(failed);
  if (ca.empty()) return base::Done{};
  context.load_verify_file(ca.string(), failed);
  if (!failed) return base::Done{};
  return Error{ErrorCode::usage,
               "--ca " + base::escaped(ca.string()) + ": not a file with certificates in PEM form"};
}

// What came was no TLS at all: a server of plain HTTP answers so.
bool speaks_no_tls(const boost::system::error_code& failed) {
  if (failed.category() != asio::error::get_ssl_category()) return false;
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(failed.value()));
  return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST ||
         reason == SSL_R_UNKNOWN_PROTOCOL || reason == SSL_R_PACKET_LENGTH_TOO_LONG;
}

Error no_tls(const ServerUrl& url, SSL* ssl, const boost::system::error_code& failed) {
  Error error = no_connection(url, "TLS: " + failed.message());
  if (speaks_no_tls(failed)) {
    error = no_connection(url,
                          "what answers there is not TLS; try http:// instead of https:// (ws:// of wss://)");
    error.code = ErrorCode::no_entry;
    return error;
  }
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict == X509_V_OK) return error;
  error = no_connection(url, std::string("the server's certificate is not trusted (") +
                                 X509_verify_cert_error_string(verdict) +
                                 "); --ca names a file with the certificate to trust");
  error.code = ErrorCode::no_entry;
  return error;
}

asio::awaitable<Result<base::Done>> connect_tcp(net::Stream& stream, const ServerUrl& url,
                                                const ConnectOptions& options) {
  asio::ip::tcp::resolver resolver(stream.get_executor());
  auto [not_found, addresses] = co_await resolver.async_resolve(url.host, url.port, awaiting);
  if (not_found) co_return no_connection(url, not_found.message());
  stream.next_layer().expires_after(options.connect_timeout);
  auto [failed, endpoint] = co_await stream.next_layer().async_connect(addresses, awaiting);
  stream.next_layer().expires_never();
  if (failed) co_return no_connection(url, failed.message());
  tune(stream.socket());
  co_return base::Done{};
}

asio::awaitable<Result<base::Done>> start_tls(net::Stream& stream, const ServerUrl& url,
                                              const ConnectOptions& options) {
  const auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  const auto trusted = trust(*context, options.ca);
  if (!trusted) co_return trusted.error();
  context->set_verify_mode(asio::ssl::verify_peer);
  context->set_verify_callback(asio::ssl::host_name_verification(url.host));
  stream.start_tls(context);
  boost::system::error_code no_address;
  asio::ip::make_address(url.host, no_address);
  // Names only: RFC 6066 forbids addresses here.
  if (no_address) SSL_set_tlsext_host_name(stream.tls(), url.host.c_str());
  stream.next_layer().expires_after(options.connect_timeout);
  const auto failed = co_await stream.handshake(asio::ssl::stream_base::client);
  stream.next_layer().expires_never();
  if (failed) co_return no_tls(url, stream.tls(), failed);
  co_return base::Done{};
}

}  // namespace

asio::awaitable<Result<base::Done>> connect(net::Stream& stream, const ServerUrl& url,
                                            const ConnectOptions& options) {
  const auto connected = co_await connect_tcp(stream, url, options);
  if (!connected) co_return connected.error();
  if (!url.tls) co_return base::Done{};
  co_return co_await start_tls(stream, url, options);
}

}  // namespace piste::client
