#include "store/exchange.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <exception>
#include <optional>

#include "base/number.h"
#include "net/connect.h"

namespace piste::store {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
constexpr std::uint64_t max_body_bytes = 16 << 20;
constexpr std::chrono::seconds body_limit{600};         // for a part over a slow line
constexpr std::chrono::milliseconds look_interval{50};  // whether it is to stop

using Parser = http::response_parser<http::string_body>;

http::request<http::string_body> message_of(const Place& place, const Request& request,
                                            std::chrono::system_clock::time_point now) {
  http::request<http::string_body> message;
  message.version(11);
  message.method_string(request.method);
  message.target(target_of(place, request));
  message.set(http::field::host, place.host_field());
  message.set(http::field::user_agent, "piste");
  message.set(http::field::connection, "close");
  for (const auto& [name, value] : request.fields) message.set(name, value);
  for (const auto& [name, value] : signature_of(place, request, now)) message.set(name, value);
  message.body() = request.body;
  const bool has_body = request.method == "PUT" || request.method == "POST";
  if (has_body) message.content_length(request.body.size());
  return message;
}

Answer taken(Parser& parser) {
  auto& message = parser.get();
  Answer answer{message.result_int(), std::move(message.body()), std::string(message[http::field::etag]),
                std::string(message[http::field::date]), 0};
  const auto length = message[http::field::content_length];
  answer.length = base::number_in<std::uint64_t>({length.data(), length.size()}).value_or(0);
  return answer;
}

Error failure_of(const base::Error<net::ConnectError>& failed) {
  const bool later = failed.code == net::ConnectError::unreachable;
  return {later ? ErrorCode::unreachable : ErrorCode::refused, failed.message};
}

// Whoever refuses a body may close before all of it is sent: then the answer tells why.
asio::awaitable<Result<Answer>> talk(const Place& place, const Request& request,
                                     std::chrono::system_clock::time_point now) {
  net::Stream stream(co_await asio::this_coro::executor);
  const net::Peer peer{place.tls, place.host, place.port};
  const net::ConnectOptions options;
  if (const auto connected = co_await net::connect(stream, peer, options); !connected)
    co_return failure_of(connected.error());
  stream.next_layer().expires_after(body_limit);
  const auto message = message_of(place, request, now);
  const auto [unsent, sent] = co_await http::async_write(stream, message, as_value);
  beast::flat_buffer buffer;
  Parser parser;
  parser.body_limit(max_body_bytes);
  parser.skip(request.method == "HEAD");
  const auto [failed, size] = co_await http::async_read(stream, buffer, parser, as_value);
  if (failed) {
    const auto& why = unsent ? unsent : failed;
    co_return Error{ErrorCode::unreachable, "no answer from " + place.host + ": " + why.message()};
  }
  co_return taken(parser);
}

asio::awaitable<void> keep(asio::awaitable<Result<Answer>> talking, std::optional<Result<Answer>>& answer) {
  answer = co_await std::move(talking);
}

}  // namespace

Result<Answer> exchange(const Place& place, const Request& request, std::chrono::system_clock::time_point now,
                        std::chrono::milliseconds limit, const std::stop_token& stop) {
  using std::chrono::steady_clock;
  const auto end =
      steady_clock::now() + (request.body.empty() ? limit : std::chrono::milliseconds(body_limit));
  asio::io_context io(1);
  std::optional<Result<Answer>> answer;
  asio::co_spawn(io, keep(talk(place, request, now), answer), [](std::exception_ptr unexpected) {
    if (unexpected) std::rethrow_exception(unexpected);
  });
  while (!answer && !stop.stop_requested() && steady_clock::now() < end) {
    io.run_for(std::min<steady_clock::duration>(look_interval, end - steady_clock::now()));
  }
  if (answer) return std::move(*answer);
  return Error{ErrorCode::unreachable, stop.stop_requested() ? "stopped" : "no answer in time"};
}

}  // namespace piste::store
