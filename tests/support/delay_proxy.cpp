#include "support/delay_proxy.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <string>
#include <utility>

namespace piste::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

// What a link holds beyond what is on its way: a router's buffer.
constexpr std::size_t buffer_bytes = 256u << 10;
constexpr std::size_t piece_bytes = 16u << 10;
constexpr double unlimited = 10e9;  // bits/s

// One direction of a connection: pieces wait here until they are due.
class Pipe : public std::enable_shared_from_this<Pipe> {
 public:
  Pipe(std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to, std::chrono::nanoseconds delay,
       double bits_per_second, std::vector<Stall> stalls)
      : from_(std::move(from)),
        to_(std::move(to)),
        delay_(delay),
        bits_per_second_(bits_per_second > 0 ? bits_per_second : unlimited),
        capacity_(buffer_bytes + static_cast<std::size_t>(std::chrono::duration<double>(delay).count() *
                                                          bits_per_second_ / 8)),
        stalls_(std::move(stalls)),
        changed_(from_->get_executor(), Clock::time_point::max()),
        due_(from_->get_executor()) {}

  void start() {
    asio::co_spawn(from_->get_executor(), take(shared_from_this()), asio::detached);
    asio::co_spawn(from_->get_executor(), give(shared_from_this()), asio::detached);
  }

 private:
  struct Piece {
    Clock::time_point due;
    std::string bytes;
  };

  asio::awaitable<void> take(std::shared_ptr<Pipe> /* lives as long as this */) {
    auto leaves = Clock::now();
    for (;;) {
      while (held_ >= capacity_) co_await changed_.async_wait(as_value);
      std::string bytes(piece_bytes, '\0');
      const auto [ec, count] = co_await from_->async_read_some(asio::buffer(bytes), as_value);
      if (ec) break;
      bytes.resize(count);
      const std::chrono::duration<double> transmission(8.0 * static_cast<double>(count) / bits_per_second_);
      leaves = std::max(leaves, Clock::now()) + std::chrono::duration_cast<Clock::duration>(transmission);
      held_ += count;
      for (const Stall& stall : stalls_) {
        if (stall.answer == taken_) leaves += stall.length;
      }
      ++taken_;
      pieces_.push_back({leaves + delay_, std::move(bytes)});
      changed_.cancel();
    }
    over_ = true;
    changed_.cancel();
  }

  asio::awaitable<void> give(std::shared_ptr<Pipe> /* lives as long as this */) {
    for (;;) {
      while (pieces_.empty() && !over_) co_await changed_.async_wait(as_value);
      if (pieces_.empty()) break;
      const Piece piece = std::move(pieces_.front());
      pieces_.pop_front();
      due_.expires_at(piece.due);
      co_await due_.async_wait(as_value);
      const auto [ec, count] = co_await asio::async_write(*to_, asio::buffer(piece.bytes), as_value);
      if (ec) break;
      held_ -= count;
      changed_.cancel();
    }
    boost::system::error_code ignored;
    to_->shutdown(tcp::socket::shutdown_send, ignored);
  }

  const std::shared_ptr<tcp::socket> from_;
  const std::shared_ptr<tcp::socket> to_;
  const std::chrono::nanoseconds delay_;
  const double bits_per_second_;
  const std::size_t capacity_;
  const std::vector<Stall> stalls_;
  std::size_t taken_ = 0;  // pieces
  asio::steady_timer changed_;
  asio::steady_timer due_;
  std::deque<Piece> pieces_;
  std::size_t held_ = 0;  // bytes
  bool over_ = false;
};

asio::awaitable<void> accept(std::shared_ptr<tcp::acceptor> acceptor, std::uint16_t server_port, Link link) {
  for (;;) {
    auto [ec, accepted] = co_await acceptor->async_accept(as_value);
    if (ec) co_return;
    const auto client = std::make_shared<tcp::socket>(std::move(accepted));
    const auto server = std::make_shared<tcp::socket>(client->get_executor());
    const tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"), server_port);
    const auto [failed] = co_await server->async_connect(endpoint, as_value);
    if (failed) continue;
    for (const auto& socket : {client, server}) socket->set_option(tcp::no_delay(true));
    std::make_shared<Pipe>(client, server, link.round_trip / 2, link.bits_per_second, std::vector<Stall>())
        ->start();
    std::make_shared<Pipe>(server, client, link.round_trip / 2, 0, link.stalls)->start();
  }
}

}  // namespace

DelayProxy::DelayProxy(std::uint16_t server_port, const Link& link) {
  const auto acceptor =
      std::make_shared<tcp::acceptor>(io_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
  port_ = acceptor->local_endpoint().port();
  asio::co_spawn(io_, accept(acceptor, server_port, link), asio::detached);
  thread_ = std::thread([this] { io_.run(); });
}

DelayProxy::~DelayProxy() {
  io_.stop();
  thread_.join();
}

}  // namespace piste::test
