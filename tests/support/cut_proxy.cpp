#include "support/cut_proxy.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace piste::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

}  // namespace

struct CutProxy::Way {
  tcp::socket client, server;
  void close() {
    boost::system::error_code ignored;
    client.close(ignored);
    server.close(ignored);
  }
};

namespace {

template <class Way>
asio::awaitable<void> carry(std::shared_ptr<Way> way, tcp::socket& from, tcp::socket& to) {
  std::array<char, 4096> piece;
  for (;;) {
    const auto [failed, count] = co_await from.async_read_some(asio::buffer(piece), as_value);
    if (failed) break;
    const auto [lost, written] = co_await asio::async_write(to, asio::buffer(piece.data(), count), as_value);
    if (lost) break;
  }
  way->close();
}

}  // namespace

CutProxy::CutProxy(std::uint16_t server_port) : server_port_(server_port) {
  auto acceptor = std::make_shared<tcp::acceptor>(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  port_ = acceptor->local_endpoint().port();
  const auto accept = [this, acceptor]() -> asio::awaitable<void> {
    for (;;) {
      auto [failed, client] = co_await acceptor->async_accept(as_value);
      if (failed) co_return;
      auto way = std::make_shared<Way>(Way{std::move(client), tcp::socket(io_)});
      const tcp::endpoint to(asio::ip::address_v4::loopback(), server_port_);
      const auto [refused] = co_await way->server.async_connect(to, as_value);
      if (refused) continue;
      ++connections_;
      ways_.push_back(way);
      asio::co_spawn(io_, carry(way, way->client, way->server), asio::detached);
      asio::co_spawn(io_, carry(way, way->server, way->client), asio::detached);
    }
  };
  thread_ = std::thread([this, accept] {
    asio::co_spawn(io_, accept(), asio::detached);
    io_.run();
  });
}

CutProxy::~CutProxy() {
  io_.stop();
  thread_.join();
}

void CutProxy::cut() {
  asio::post(io_, [this] {
    for (const auto& weak : ways_) {
      if (const auto way = weak.lock()) way->close();
    }
    ways_.clear();
  });
}

}  // namespace piste::test
