// A server of a serial line, or a box that is one: connected to, and only read.
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "inlets/descriptor.h"
#include "inlets/host.h"

namespace piste::inlets {
namespace {

using std::chrono::steady_clock;
constexpr std::chrono::seconds connect_limit{5};
constexpr int stop_poll_ms = 100;

bool connected(const Descriptor& socket, const addrinfo& to, const std::stop_token& stop) {
  if (connect(socket.get(), to.ai_addr, to.ai_addrlen) == 0) return true;
  const auto until = steady_clock::now() + connect_limit;
  pollfd waiting{socket.get(), POLLOUT, 0};
  while (errno == EINPROGRESS || errno == EINTR) {
    if (poll(&waiting, 1, stop_poll_ms) > 0) {
      socklen_t size = sizeof errno;
      int failed = 0;
      getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &failed, &size);
      errno = failed;
      return failed == 0;
    }
    errno = EINPROGRESS;
    if (stop.stop_requested() || steady_clock::now() > until) errno = ETIMEDOUT;
  }
  return false;
}

// A peer that was switched off says nothing: it is asked whether it is there.
void notice_death(int fd) {
  const auto set = [fd](int level, int name, int value) {
    setsockopt(fd, level, name, &value, sizeof value);
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 5);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 2);
  set(IPPROTO_TCP, TCP_KEEPCNT, 3);
}

}  // namespace

Opened open_tcp(const Tcp& peer, const std::stop_token& stop) {
  const std::string name = to_string(peer);
  const auto found = look_up(peer.host, peer.port, SOCK_STREAM);
  if (!found) return found.error();
  errno = 0;
  for (const addrinfo* to = found->get(); to; to = to->ai_next) {
    Descriptor socket(::socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket.ok() || !connected(socket, *to, stop)) continue;
    notice_death(socket.get());
    return std::unique_ptr<Inlet>(std::make_unique<StreamInlet>(
        std::move(socket), Error{ErrorCode::lost, name + " has closed the connection"}));
  }
  return Error{ErrorCode::lost, name + " cannot be reached: " + system_error()};
}

}  // namespace piste::inlets
