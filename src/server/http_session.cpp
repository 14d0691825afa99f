#include "server/http_session.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/detect_ssl.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <span>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "server/cors.h"
#include "server/link_route.h"
#include "server/peer_address.h"
#include "server/sound_request.h"
#include "server/static_files.h"
#include "server/stored_route.h"

namespace piste::server {
namespace {

constexpr std::size_t max_header_bytes = 16 * 1024;
constexpr std::uint64_t max_discarded_bytes = 1ull << 30;
constexpr std::uint64_t max_small_body = 64 * 1024;
constexpr std::uint64_t file_piece = 256 * 1024;

// A browser is led to where it finds out how to trust the service.
Reply plain_http_reply(const Request& request, bool has_authority) {
  const bool browser = request[http::field::accept].find("text/html") != std::string_view::npos;
  Reply reply{.status = http::status::bad_request,
              .content_type = "text/plain",
              .body = "This port speaks TLS: connect with https:// or wss://.\n"};
  if (!browser || !has_authority) return reply;
  reply.status = http::status::found;
  reply.fields.emplace_back(http::field::location, "/trust");
  return reply;
}

asio::ip::address address_of(const tcp::socket& socket) {
  error_code gone;
  return socket.remote_endpoint(gone).address();
}

std::string port_of(const tcp::socket& socket) {
  error_code gone;
  return ":" + std::to_string(socket.remote_endpoint(gone).port());
}

bool is_websocket(const Request& request, const Found& found) {
  return found.route && found.route->is_websocket() && beast::websocket::is_upgrade(request);
}

bool has_body(const HeadParser& parser) {
  return parser.chunked() || parser.content_length_remaining().value_or(0) > 0;
}

http::response<http::string_body> make_response(const Reply& reply, const Request& request,
                                                std::string_view version) {
  http::response<http::string_body> response(reply.status, request.version());
  response.set(http::field::server, "piste/" + std::string(version));
  response.set(http::field::date, http_date());
  response.set(http::field::cache_control, "no-store");
  if (reply.for_pages) allow_reading(response, request);
  response.set("X-Content-Type-Options", "nosniff");
  for (const auto& [field, value] : reply.fields) response.set(field, value);
  for (const auto& [name, value] : reply.named_fields) response.set(name, value);
  if (reply.status == http::status::no_content || reply.status == http::status::not_modified) return response;
  response.set(http::field::content_type, reply.content_type);
  response.content_length(reply.file ? reply.bytes.length : reply.body.size());
  if (request.method() != http::verb::head) response.body() = reply.body;
  return response;
}

}  // namespace

HttpSession::HttpSession(Stream stream, bool surplus, Service& service)
    : stream_(std::move(stream)),
      strand_(stream_.get_executor()),
      service_(service),
      surplus_(surplus),
      peer_address_(address_of(stream_.socket())),
      client_(limit_key(peer_address_)),
      peer_(peer_address_.to_string() + port_of(stream_.socket())) {}

Task<std::optional<Upgrade>> HttpSession::run() {
  Next next = co_await secure() ? Next::request : Next::close;
  while (next == Next::request && (requests_ == 0 || !service_.draining)) {
    phase_ = Phase::waiting;
    HeadParser parser;
    parser.header_limit(max_header_bytes);
    parser.body_limit(boost::none);  // of an upload: checked where it is read
    stream_.next_layer().expires_after(requests_++ == 0 ? service_.options.header_timeout
                                                        : service_.options.keep_alive_timeout);
    const auto [ec, count] = co_await http::async_read_header(stream_, buffer_, parser, as_value);
    phase_ = Phase::answering;
    if (ec) {
      co_await refuse(ec);
      break;
    }
    const Target target = split_target(parser.get().target());
    know_client(parser.get());
    const Found found = find_route(parser.get().method(), target.path);
    if (is_websocket(parser.get(), found) && !fault_in(parser.get()) && !service_.draining &&
        !too_many_connections() && may_speak(parser.get())) {
      auto grant = grant_for(parser.get(), target);
      if (grant && found.route->roles.contain(grant->role)) {
        stream_.unread(std::move(buffer_));  // a client need not wait for the answer before it sends
        co_return Upgrade{std::move(stream_), parser.release(), peer_, std::move(*grant),
                          target.path == "/events"};
      }
    }
    next = co_await answer(parser, target, found);
  }
  if (next == Next::linger) co_await linger();
  close();
  co_return std::nullopt;
}

Task<bool> HttpSession::secure() {
  if (!service_.certificate.in_use()) co_return true;
  stream_.next_layer().expires_after(service_.options.header_timeout);
  const auto [ec, tls] = co_await beast::async_detect_ssl(stream_.next_layer(), buffer_, as_value);
  if (ec) co_return false;
  if (!tls) {
    co_await answer_plain();
    co_await linger();
    co_return false;
  }
  stream_.start_tls(service_.certificate.context());
  const error_code failed = co_await stream_.handshake(asio::ssl::stream_base::server, buffer_.data());
  buffer_.clear();
  if (failed) base::log::info("", "TLS handshake with " + peer_ + " failed: " + failed.message());
  co_return !failed;
}

Task<> HttpSession::answer_plain() {
  HeadParser parser;
  parser.header_limit(max_header_bytes);
  const auto [ec, count] = co_await http::async_read_header(stream_, buffer_, parser, as_value);
  const Request& request = parser.get();
  Reply reply = plain_http_reply(request, service_.certificate.authority().has_value());
  const Target target = split_target(request.target());
  const Found found = find_route(request.method(), target.path);
  const Grant nobody{{.owner = {}, .address = client_}, {}};
  if (!ec && found.route && found.route->path.starts_with("/trust"))
    reply = found.route->answer({request, target, {}, service_, nobody});
  co_await write(reply, request, false);
}

void HttpSession::know_client(const Request& request) {
  const auto client = client_address(peer_address_, request, service_.proxies);
  client_ = limit_key(client);
  peer_ = client.to_string();
  if (client == peer_address_) {
    peer_ += port_of(stream_.socket());
  } else {
    peer_.append(" through ").append(peer_address_.to_string());
  }
}

bool HttpSession::too_many_connections() const {
  if (limit_key(peer_address_) == client_) return surplus_;
  // One that comes through a trusted proxy is counted once it is a WebSocket.
  return service_.connections.count(client_) >= service_.options.max_connections_per_address;
}

std::optional<Grant> HttpSession::grant_for(const Request& request, const Target& target) const {
  for (const std::string& token : presented_tokens(request, target.query, comes_from_welcome_page(request))) {
    if (auto grant = service_.access.grant(token, client_)) return grant;
  }
  return std::nullopt;
}

// All Host fields count; programs of HTTP/1.0 send none, browsers always one. Which names it serves a proxy
// knows itself.
bool HttpSession::is_for_this_service(const Request& request) const {
  if (service_.proxies.contains(peer_address_)) return true;
  const auto [first, last] = request.equal_range(http::field::host);
  return std::all_of(first, last, [this](const auto& field) {
    return service_.hosts.contains(field.value()) || service_.certificate.names(host_in(field.value()));
  });
}

bool HttpSession::comes_from_welcome_page(const Request& request) const {
  if (!request.count(http::field::origin)) return true;
  return is_for_this_service(request) && from_allowed_page(request, service_.origins);
}

// Where there are tokens, they decide: no browser sends one by itself, unless as a password, which then does
// not count (grant_for).
bool HttpSession::may_speak(const Request& request) const {
  return service_.access.asks_for_tokens() ||
         (is_for_this_service(request) && comes_from_welcome_page(request));
}

Reply HttpSession::refuse_stranger(const Request& request) const {
  if (is_for_this_service(request)) {
    base::log::warning("",
                       "A page of " + base::escaped(request[http::field::origin]) + " is refused: " + peer_);
    return foreign_page_reply(request[http::field::origin]);
  }
  base::log::warning("", "A request to the name " + base::escaped(request[http::field::host]) +
                             ", which is none of this service's, is refused: " + peer_);
  return foreign_host_reply();
}

Task<HttpSession::Next> HttpSession::answer(HeadParser& parser, const Target& target, const Found& found) {
  const Request& request = parser.get();
  base::log::debug("", std::string(request.method_string()) + " " + target.path + " from " + peer_);
  if (const auto fault = fault_in(request)) {
    co_return co_await write(error_reply(http::status::bad_request, *fault), request, false);
  }
  if (too_many_connections()) {
    base::log::warning("", "Too many connections; a request is refused: " + peer_);
    const Reply reply = too_many_reply("Too many connections from your address", std::chrono::seconds(10));
    co_return co_await write(reply, request, false);
  }
  if (is_preflight(request) && may_speak(request)) {
    co_return co_await write(preflight_reply(), request, !has_body(parser));
  }
  // The page itself holds nothing secret: it asks for the token.
  if (const auto file = answer_static(request, target.path))
    co_return co_await write(*file, request, !has_body(parser));
  if (found.open) {
    const Grant nobody{{.owner = {}, .address = client_}, {}};
    co_return co_await answer_granted(parser, target, found, nobody);
  }
  if (!may_speak(request)) co_return co_await write(refuse_stranger(request), request, !has_body(parser));
  auto grant = grant_for(request, target);
  if (!grant) grant = linked_grant(found, target, client_, service_);
  if (grant) co_return co_await answer_granted(parser, target, found, *grant);
  base::log::warning("", "A request without a valid token is refused: " + peer_);
  co_return co_await write(unauthorized_reply(), request, !has_body(parser));
}

Task<HttpSession::Next> HttpSession::answer_granted(HeadParser& parser, const Target& target,
                                                    const Found& found, const Grant& grant) {
  const Request& request = parser.get();
  if (!found.route) co_return co_await write(not_found_reply(found, target), request, !has_body(parser));
  if (!found.route->roles.contain(grant.role)) {
    base::log::warning(
        "", "A request that is not a " + std::string(to_string(grant.role)) + "'s is refused: " + peer_);
    co_return co_await write(role_reply(grant.role), request, !has_body(parser));
  }
  if (is_websocket(request, found))
    co_return co_await write(busy_reply("The service is shutting down"), request, false);
  if (found.route->is_upload()) co_return co_await answer_analyze(parser, grant);
  if (found.route->takes_body()) co_return co_await answer_change(parser, target, found, grant);
  const Question asked{request, target, {}, service_, grant, found.first, found.second, found.third};
  if (found.open) co_return co_await write(found.route->answer(asked), request, !has_body(parser));
  // Results are read from the disk. Whether the service is well is answered without it: also when the disk is
  // not.
  Reply reply;
  auto& pool = found.route->method == http::verb::get ? service_.reading : service_.waiting;
  co_await off_io(pool, [&] { reply = server::answer(found, asked); });
  if (reply.status == http::status::not_found && service_.options.store) {
    co_await off_io(service_.fetching, [&] {
      if (auto stored = stored_reply(found, asked)) reply = std::move(*stored);
    });
  }
  co_return co_await write(reply, request, !has_body(parser));
}

Task<std::optional<std::string>> HttpSession::read_body(HeadParser& parser) {
  if (parser.content_length_remaining().value_or(0) > max_small_body) co_return std::nullopt;
  http::request_parser<http::string_body> whole(std::move(parser));
  whole.body_limit(max_small_body);  // of what comes in chunks
  stream_.next_layer().expires_after(service_.options.body_timeout);
  const auto [ec, count] = co_await http::async_read(stream_, buffer_, whole, as_value);
  if (ec) co_return std::nullopt;
  co_return std::move(whole.get().body());
}

Task<HttpSession::Next> HttpSession::answer_change(HeadParser& parser, const Target& target,
                                                   const Found& found, const Grant& grant) {
  const Request request = parser.get();  // reading the body uses the parser up
  const auto body = co_await read_body(parser);
  if (!body) {
    const Reply reply =
        error_reply(http::status::payload_too_large, "The body is longer than 64 KB, or did not come whole");
    co_return co_await write(reply, request, false);
  }
  const Question asked{request, target, *body, service_, grant, found.first, found.second, found.third};
  Reply reply;
  co_await off_io(service_.waiting, [&] { reply = server::answer(found, asked); });
  co_return co_await write(reply, request, true);
}

Task<HttpSession::Next> HttpSession::answer_analyze(HeadParser& parser, const Grant& grant) {
  const Request request = parser.get();  // reading the body uses the parser up
  phase_ = Phase::reading;
  uploading_ = grant;
  auto received = co_await receive_upload(stream_, buffer_, parser, service_, grant);
  phase_ = Phase::answering;
  UploadAnswer answer;
  if (auto* ready = std::get_if<ReceivedUpload>(&received)) {
    if (is_later(request)) {  // no ?: here, of which GCC 12 awaits both
      answer = co_await judge_later(std::move(*ready), service_, request);
    } else {
      answer = co_await analyze_upload(stream_, std::move(*ready), service_, grant);
    }
  } else {
    answer = std::get<UploadAnswer>(std::move(received));
  }
  uploading_.reset();
  if (answer.peer_gone) {
    base::log::info("", "The client of an upload is gone: " + peer_);
    co_return Next::close;
  }
  co_return co_await write(answer.reply, request, answer.body_read);
}

// A request that could not be read: says why where someone may still listen.
Task<> HttpSession::refuse(error_code reason) {
  if (!is_malformed(reason)) co_return;
  const Reply reply = reason == http::error::header_limit
                          ? error_reply(http::status::request_header_fields_too_large,
                                        "The request's headers are longer than 16 KB")
                          : error_reply(http::status::bad_request,
                                        "This is not an HTTP request that can be read: " + reason.message());
  co_await write(reply, Request(http::verb::get, "/", 11), false);
  co_await linger();
}

Task<HttpSession::Next> HttpSession::write(const Reply& reply, const Request& request, bool keep_open) {
  const bool keep = keep_open && request.keep_alive() && !service_.draining;
  auto response = make_response(reply, request, service_.options.version);
  response.keep_alive(keep);
  stream_.next_layer().expires_after(service_.options.write_timeout);
  const bool file_follows = reply.file && request.method() != http::verb::head;
  http::response_serializer<http::string_body> serializer(response);
  const auto [ec, count] = file_follows ? co_await http::async_write_header(stream_, serializer, as_value)
                                        : co_await http::async_write(stream_, serializer, as_value);
  if (ec || (file_follows && !co_await write_file(reply))) co_return Next::close;
  if (keep) co_return Next::request;
  co_return keep_open ? Next::close : Next::linger;
}

// Piece by piece, each read off the I/O threads: whoever takes it slowly holds one piece, and nobody up.
Task<bool> HttpSession::write_file(const Reply& reply) {
  std::vector<char> piece(std::min(reply.bytes.length, file_piece));
  for (std::uint64_t sent = 0; sent < reply.bytes.length;) {
    const std::size_t want = std::min(file_piece, reply.bytes.length - sent);
    std::size_t count = 0;
    co_await off_io(reply.file->far() ? service_.fetching : service_.reading, [&] {
      count = reply.file->read(reply.bytes.first + sent, std::span(piece).first(want));
    });
    if (count < want) co_return false;
    stream_.next_layer().expires_after(service_.options.write_timeout);
    const auto [ec, written] =
        co_await asio::async_write(stream_, asio::buffer(piece.data(), count), as_value);
    if (ec) co_return false;
    sent += count;
  }
  co_return true;
}

// Takes what the peer still sends: closing with unread bytes would reset the connection, and the answer be
// lost.
Task<> HttpSession::linger() {
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream_.next_layer().expires_after(service_.options.close_timeout);
  buffer_.clear();
  const auto space = buffer_.prepare(64 * 1024);
  for (std::uint64_t discarded = 0; discarded < max_discarded_bytes;) {
    const auto [ec, count] = co_await stream_.async_read_some(space, as_value);
    if (ec) break;
    discarded += count;
  }
}

void HttpSession::close() {
  error_code ignored;
  stream_.socket().close(ignored);
}

void HttpSession::drain() {
  asio::post(strand_, [self = shared_from_this()] {
    if (self->phase_ == Phase::waiting && self->requests_ > 1) self->close();
  });
}

void HttpSession::recheck() {
  asio::post(strand_, [self = shared_from_this()] {
    if (!self->uploading_ || self->service_.access.holds(*self->uploading_)) return;
    base::log::warning("", "The token of an upload was revoked: " + self->peer_);
    if (self->phase_ == Phase::reading) self->close();
  });
}

void HttpSession::shut() {
  asio::post(strand_, [self = shared_from_this()] {
    if (self->phase_ != Phase::answering) self->close();
  });
}

}  // namespace piste::server
