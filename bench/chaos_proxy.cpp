#include "chaos_proxy.h"

#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <random>
#include <thread>

namespace piste::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Task = asio::awaitable<void>;
using std::chrono::milliseconds;
constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

// Chances for each piece of at most 16 KB, in thousandths.
constexpr int cut_chance = 12;
constexpr int stall_chance = 6;
constexpr int delay_chance = 40;
constexpr std::size_t start_bytes = 48
                                    << 10;  // session_start has been answered when so many frames have come

struct Pair {
  explicit Pair(tcp::socket accepted) : client(std::move(accepted)), server(client.get_executor()) {}
  void close() {
    boost::system::error_code ignored;
    client.close(ignored);
    server.close(ignored);
  }
  tcp::socket client;
  tcp::socket server;
};

}  // namespace

struct ChaosProxy::State {
  explicit State(unsigned seed) : random(seed), acceptor(io, {asio::ip::address_v4::loopback(), 0}) {
    asio::co_spawn(io, accept(), asio::detached);
    thread = std::thread([this] { io.run(); });
  }
  ~State() {
    io.stop();
    thread.join();
  }

  Task accept() {
    for (;;) {
      auto [failed, socket] = co_await acceptor.async_accept(as_value);
      if (failed) co_return;
      ++connections;
      asio::co_spawn(io, serve(std::make_shared<Pair>(std::move(socket))), asio::detached);
    }
  }

  Task serve(std::shared_ptr<Pair> pair) {
    const tcp::endpoint target(asio::ip::address_v4::loopback(), target_port);
    const auto [failed] = co_await pair->server.async_connect(target, as_value);
    if (failed) {
      pair->close();
      co_return;
    }
    asio::co_spawn(io, pump(pair, pair->client, pair->server), asio::detached);
    asio::co_spawn(io, pump(pair, pair->server, pair->client), asio::detached);
  }

  Task pump(std::shared_ptr<Pair> pair, tcp::socket& from, tcp::socket& to) {
    std::array<char, 16 << 10> piece{};
    for (;;) {
      auto [failed, size] = co_await from.async_read_some(asio::buffer(piece), as_value);
      if (failed) break;
      const bool cut = happens(cut_chance, cuts);
      if (cut) size = up_to(static_cast<int>(size));
      if (happens(delay_chance, delays)) co_await sleep(milliseconds(1 + up_to(20)));
      if (happens(stall_chance, stalls)) co_await sleep(milliseconds(100 + up_to(900)));
      const auto [lost, count] = co_await asio::async_write(to, asio::buffer(piece.data(), size), as_value);
      passed += size;
      if (lost || cut) break;
    }
    pair->close();
  }

  Task sleep(milliseconds time) {
    asio::steady_timer timer(io, time);
    co_await timer.async_wait(as_value);
  }
  std::size_t up_to(int most) { return std::uniform_int_distribution<std::size_t>(0, most)(random); }
  bool happens(int thousandths, std::atomic<int>& count) {
    if (behaving || passed < start_bytes || std::uniform_int_distribution<int>(0, 999)(random) >= thousandths)
      return false;
    ++count;
    return true;
  }

  std::minstd_rand random;
  asio::io_context io{1};
  tcp::acceptor acceptor;
  std::atomic<std::uint16_t> target_port = 0;
  std::atomic<bool> behaving = false;
  std::atomic<std::size_t> passed = 0;
  std::atomic<int> connections = 0;
  std::atomic<int> cuts = 0;
  std::atomic<int> stalls = 0;
  std::atomic<int> delays = 0;
  std::thread thread;
};

ChaosProxy::ChaosProxy(unsigned seed) : state_(std::make_unique<State>(seed)) {}
ChaosProxy::~ChaosProxy() = default;

std::uint16_t ChaosProxy::port() const {
  return state_->acceptor.local_endpoint().port();
}

void ChaosProxy::forward_to(std::uint16_t port) {
  state_->target_port = port;
}

bool ChaosProxy::under_way() const {
  return state_->passed >= start_bytes;
}

void ChaosProxy::behave() {
  state_->behaving = true;
}

ChaosProxy::Tally ChaosProxy::tally() const {
  return {state_->connections, state_->cuts, state_->stalls, state_->delays};
}

}  // namespace piste::bench
