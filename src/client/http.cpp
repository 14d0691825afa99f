#include "client/http.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>

#include "base/number.h"
#include "base/text.h"
#include "client/awaiting.h"
#include "client/connect.h"

namespace piste::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::uint64_t max_body_bytes = 128u << 20;
constexpr std::uint32_t max_header_bytes = 64u << 10;

using Parser = http::response_parser<http::string_body>;

http::request<http::empty_body> make_request(http::verb verb, const ServerUrl& url, const std::string& path) {
  http::request<http::empty_body> request(verb, url.target(path), 11);
  request.set(http::field::host, url.host_header());
  request.set(http::field::user_agent, "piste");
  request.set(http::field::connection, "close");
  if (!url.authorization.empty()) request.set(http::field::authorization, url.authorization);
  return request;
}

Error no_answer(const ServerUrl& url, const std::string& path, const boost::system::error_code& failed) {
  return {ErrorCode::connection, "no answer from " + url.shown(path) + ": " + failed.message()};
}

void limit(Parser& parser) {
  parser.body_limit(max_body_bytes);
  parser.header_limit(max_header_bytes);
}

// nullopt for a date, which HTTP allows as well.
std::optional<std::chrono::seconds> seconds_of(std::string_view field) {
  const auto seconds = base::number_in<std::uint32_t>(field);
  return seconds ? std::optional(std::chrono::seconds(*seconds)) : std::nullopt;
}

HttpResponse take(Parser& parser) {
  auto& message = parser.get();
  const auto wait = message[http::field::retry_after];
  return {message.result_int(), base::escaped({message.reason().data(), message.reason().size()}),
          std::move(message.body()), seconds_of({wait.data(), wait.size()})};
}

// The reading half of a request, which goes on while the body is sent.
struct Exchange {
  explicit Exchange(const asio::any_io_executor& executor)
      : stream(executor), over(executor, asio::steady_timer::time_point::max()) {}

  asio::awaitable<void> read() {
    beast::flat_buffer buffer;
    auto [failed, size] = co_await http::async_read(stream, buffer, parser, awaiting);
    failure = failed;
    done = true;
    over.cancel();
  }

  net::Stream stream;
  Parser parser;
  boost::system::error_code failure;
  bool done = false;
  asio::steady_timer over;
};

// Failure: one of our own files. A write that fails is no failure: the server's answer tells why.
asio::awaitable<Result<base::Done>> send_body(Exchange& exchange, MultipartBody& body,
                                              const UploadProgress& progress) {
  std::uint64_t sent = 0;
  while (!exchange.done) {
    auto piece = body.next();
    if (!piece) co_return piece.error();
    if (!*piece) break;
    const std::string& bytes = **piece;
    auto [failed, size] = co_await asio::async_write(exchange.stream, asio::buffer(bytes), awaiting);
    if (failed) break;
    sent += size;
    progress(sent, body.size());
  }
  co_return base::Done{};
}

// A request without a body.
asio::awaitable<Result<HttpResponse>> ask(asio::any_io_executor executor, http::verb verb, ServerUrl url,
                                          std::string path, ConnectOptions options,
                                          std::chrono::seconds time_limit) {
  net::Stream stream(executor);
  const auto connected = co_await connect(stream, url, options);
  if (!connected) co_return connected.error();
  stream.next_layer().expires_after(time_limit);
  const auto request = make_request(verb, url, path);
  auto [unsent, sent] = co_await http::async_write(stream, request, awaiting);
  if (unsent) co_return no_answer(url, path, unsent);
  beast::flat_buffer buffer;
  Parser parser;
  limit(parser);
  auto [failed, size] = co_await http::async_read(stream, buffer, parser, awaiting);
  if (failed) co_return no_answer(url, path, failed);
  co_return take(parser);
}

}  // namespace

asio::awaitable<Result<HttpResponse>> http_get(asio::any_io_executor executor, ServerUrl url,
                                               std::string path, ConnectOptions options,
                                               std::chrono::seconds time_limit) {
  return ask(std::move(executor), http::verb::get, std::move(url), std::move(path), std::move(options),
             time_limit);
}

asio::awaitable<Result<HttpResponse>> http_delete(asio::any_io_executor executor, ServerUrl url,
                                                  std::string path, ConnectOptions options,
                                                  std::chrono::seconds time_limit) {
  return ask(std::move(executor), http::verb::delete_, std::move(url), std::move(path), std::move(options),
             time_limit);
}

asio::awaitable<Result<HttpResponse>> http_post(asio::any_io_executor executor, ServerUrl url,
                                                std::string path, ConnectOptions options, MultipartBody body,
                                                UploadProgress progress, std::string prefer) {
  Exchange exchange(executor);
  limit(exchange.parser);
  const auto connected = co_await connect(exchange.stream, url, options);
  if (!connected) co_return connected.error();

  auto request = make_request(http::verb::post, url, path);
  request.set(http::field::content_type, body.content_type());
  request.set(http::field::content_length, std::to_string(body.size()));
  if (!prefer.empty()) request.set(http::field::prefer, prefer);
  http::request_serializer<http::empty_body> head(request);
  auto [unsent, head_size] = co_await http::async_write_header(exchange.stream, head, awaiting);
  if (unsent) co_return no_answer(url, path, unsent);

  asio::co_spawn(executor, exchange.read(), asio::detached);
  const auto delivered = co_await send_body(exchange, body, progress);
  if (!delivered) exchange.stream.next_layer().close();
  while (!exchange.done) co_await exchange.over.async_wait(awaiting);
  if (!delivered) co_return delivered.error();
  if (exchange.failure) co_return no_answer(url, path, exchange.failure);
  co_return take(exchange.parser);
}

}  // namespace piste::client
