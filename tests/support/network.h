// Blocking calls with a time limit over Asio's asynchronous ones, for test clients.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <utility>

namespace piste::test {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::seconds patience{180};  // generous: test machines are busy

class Timeout : public std::runtime_error {
 public:
  Timeout() : std::runtime_error("the other side did not answer in time") {}
};

// Runs the context until the operation that `start` begins has called back; its error code is returned.
// start: takes a handler (error_code, ...). After a Timeout the connection is of no use.
template <class Start>
error_code wait_for(asio::io_context& context, Start start, std::chrono::milliseconds limit = patience) {
  std::optional<error_code> outcome;
  start([&](error_code ec, auto&&...) { outcome = ec; });
  const auto until = std::chrono::steady_clock::now() + limit;
  context.restart();
  while (!outcome && std::chrono::steady_clock::now() < until) {
    if (context.run_one_until(until) == 0) context.restart();
  }
  if (!outcome) throw Timeout();
  return *outcome;
}

inline tcp::endpoint local(std::uint16_t port) {
  return {asio::ip::address_v4::loopback(), port};
}

}  // namespace piste::test
