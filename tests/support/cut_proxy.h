// A way to a server that is cut whenever the test says, and may lead to another one afterwards.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <list>
#include <memory>
#include <thread>

namespace piste::test {

class CutProxy {
 public:
  explicit CutProxy(std::uint16_t server_port);
  ~CutProxy();
  std::uint16_t port() const { return port_; }
  // Connections that come from now on.
  void lead_to(std::uint16_t server_port) { server_port_ = server_port; }
  // All that there are, in the middle of whatever they carry.
  void cut();
  int connections() const { return connections_; }  // until now

 private:
  struct Way;
  boost::asio::io_context io_{1};
  std::atomic<std::uint16_t> server_port_;
  std::atomic<int> connections_ = 0;
  std::uint16_t port_ = 0;
  std::list<std::weak_ptr<Way>> ways_;  // the io_context's thread's
  std::thread thread_;
};

}  // namespace piste::test
