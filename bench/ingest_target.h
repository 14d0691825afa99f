// Where the load goes: the service's WebSocket, or a bare TCP sink that takes the same frames. What is sent
// is prepared beforehand, masked bytes included, so that the generator's own work is little more than handing
// bytes to the kernel.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <vector>

#include "ingest_pictures.h"

namespace piste::bench {

using Socket = boost::asio::ip::tcp::socket;
template <class T>
using Task = boost::asio::awaitable<T>;

// One session's conversation. Throws where the other side does not do as it should.
class Talk {
 public:
  using Buffers = std::array<boost::asio::const_buffer, 2>;

  virtual ~Talk() = default;
  virtual Task<void> open(Socket& socket) = 0;
  // A frame as it goes over the wire; valid until the next call.
  virtual Buffers frame(std::int64_t number) = 0;
  // Takes what has come from the other side: the number of frames that it answers. Uses the bytes up.
  virtual std::size_t take_answers(std::string& received) = 0;
  virtual Task<void> close(Socket& socket) = 0;
};

class Target {
 public:
  virtual ~Target() = default;
  virtual std::unique_ptr<Talk> talk(int session) const = 0;
  virtual std::size_t frame_bytes() const = 0;  // about, as they are sent
};

// The guide's conversation without session_end: what is measured is the taking of frames.
class ServiceTarget : public Target {
 public:
  ServiceTarget(const Picture& picture, const Frames& frames);
  std::unique_ptr<Talk> talk(int session) const override;
  std::size_t frame_bytes() const override { return messages_.front().size(); }

 private:
  const Picture picture_;
  std::vector<std::string> messages_;  // binary WebSocket messages, masked
};

// Length, then the same frames; one byte comes back for each (tcp_sink.h).
class SinkTarget : public Target {
 public:
  explicit SinkTarget(const Frames& frames) : frames_(frames) {}
  std::unique_ptr<Talk> talk(int session) const override;
  std::size_t frame_bytes() const override { return frames_.front().size(); }

 private:
  const Frames& frames_;
};

}  // namespace piste::bench
