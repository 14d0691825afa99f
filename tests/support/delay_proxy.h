// A link with a round trip and a capacity, between a client and a server on this machine: what comes in goes
// on half a round trip later, towards the server no faster than the link carries. One connection at a time is
// enough for a client; each gets its own.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace piste::test {

// The link holds an answer up, and with it whoever waits for it.
struct Stall {
  std::size_t answer = 0;  // which one; the upgrade is 0, and session_started 1 where nothing else was asked
  std::chrono::milliseconds length{0};
};

struct Link {
  std::chrono::milliseconds round_trip{0};
  double bits_per_second = 0;  // towards the server; 0: no limit
  std::vector<Stall> stalls = {};
};

class DelayProxy {
 public:
  DelayProxy(std::uint16_t server_port, const Link& link);
  ~DelayProxy();
  std::uint16_t port() const { return port_; }

 private:
  boost::asio::io_context io_{1};
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace piste::test
