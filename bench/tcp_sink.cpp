#include "tcp_sink.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

namespace piste::bench {
namespace {

constexpr std::size_t piece_bytes = 256u << 10;

// False: the connection is over.
bool read_whole(int socket, void* to, std::size_t size) {
  return ::recv(socket, to, size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

bool write_whole(int file, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t count = ::write(file, bytes, size);
    if (count <= 0) return false;
    bytes += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

void serve(int socket, const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  std::vector<char> piece(piece_bytes);
  SinkLength left = 0;
  while (file >= 0 && read_whole(socket, &left, sizeof left)) {
    while (left > 0) {
      const ssize_t count = ::recv(socket, piece.data(), std::min<SinkLength>(left, piece.size()), 0);
      if (count <= 0 || !write_whole(file, piece.data(), static_cast<std::size_t>(count))) break;
      left -= static_cast<SinkLength>(count);
    }
    const char answer = 1;
    if (left > 0 || ::send(socket, &answer, 1, MSG_NOSIGNAL) != 1) break;
  }
  ::close(file);
  ::unlink(path.c_str());
  ::close(socket);
}

}  // namespace

void run_tcp_sink(const std::filesystem::path& directory, void (*ready)(std::uint16_t port, int channel),
                  int channel) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener, SOMAXCONN) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    ::_exit(1);
  }
  ready(ntohs(address.sin_port), channel);
  for (int count = 0;; ++count) {
    const int socket = ::accept(listener, nullptr, nullptr);
    if (socket < 0) ::_exit(1);
    const int no_delay = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof no_delay);
    std::thread(serve, socket, (directory / ("sink-" + std::to_string(count))).string()).detach();
  }
}

}  // namespace piste::bench
