// Datagrams to this machine, to all, or to a group.
#include <sys/socket.h>

#include "inlets/descriptor.h"
#include "inlets/host.h"

#include <netinet/in.h>

namespace piste::inlets {
namespace {

using std::chrono::steady_clock;
constexpr std::chrono::seconds greeting_interval{15};

bool is_group(const addrinfo& address) {
  if (address.ai_family == AF_INET)
    return IN_MULTICAST(ntohl(reinterpret_cast<const sockaddr_in*>(address.ai_addr)->sin_addr.s_addr));
  return IN6_IS_ADDR_MULTICAST(&reinterpret_cast<const sockaddr_in6*>(address.ai_addr)->sin6_addr);
}

bool join(int fd, const addrinfo& group) {
  if (group.ai_family == AF_INET) {
    ip_mreq request{};
    request.imr_multiaddr = reinterpret_cast<const sockaddr_in*>(group.ai_addr)->sin_addr;
    return setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request) == 0;
  }
  ipv6_mreq request{};
  request.ipv6mr_multiaddr = reinterpret_cast<const sockaddr_in6*>(group.ai_addr)->sin6_addr;
  return setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &request, sizeof request) == 0;
}

class UdpInlet final : public Inlet {
 public:
  UdpInlet(Descriptor socket, bool text) : socket_(std::move(socket)), text_(text) {}

  void greet(Addresses whom, std::string words) {
    whom_ = std::move(whom);
    words_ = std::move(words);
  }

  Result<std::optional<Chunk>> next(std::chrono::milliseconds limit) override {
    if (whom_ && steady_clock::now() >= next_greeting_) {
      next_greeting_ = steady_clock::now() + greeting_interval;
      sendto(socket_.get(), words_.data(), words_.size(), MSG_NOSIGNAL, whom_->ai_addr, whom_->ai_addrlen);
    }
    auto chunk = read_chunk(socket_, limit);
    // A greeting that reached nobody comes back as an error; the box may be switched on later.
    if (!chunk && whom_) return std::optional<Chunk>();
    if (chunk && *chunk && text_) (*chunk)->bytes.push_back('\n');
    return chunk;
  }

 private:
  const Descriptor socket_;
  const bool text_;
  Addresses whom_;
  std::string words_;
  steady_clock::time_point next_greeting_;
};

}  // namespace

Opened open_udp(const Udp& socket, bool text, const std::optional<Greeting>& greeting) {
  const auto found = look_up(socket.host, socket.port, SOCK_DGRAM);
  if (!found) return found.error();
  const addrinfo& address = **found;
  Descriptor open(::socket(address.ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int yes = 1;
  const bool group = is_group(address);
  // Others on this machine may listen to the group too. To an address of ours only one can listen: it gets
  // all.
  if (open.ok() && group) setsockopt(open.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (!open.ok() || bind(open.get(), address.ai_addr, address.ai_addrlen) != 0 ||
      (group && !join(open.get(), address)))
    return Error{ErrorCode::lost, to_string(socket) + " cannot be listened to: " + system_error()};
  auto inlet = std::make_unique<UdpInlet>(std::move(open), text);
  if (greeting) {
    auto whom = look_up(greeting->host, greeting->port, SOCK_DGRAM, address.ai_family);
    if (!whom) return whom.error();
    inlet->greet(*std::move(whom), "|EFP1.1|HELLO|" + greeting->piste + "||%|");
  }
  return std::unique_ptr<Inlet>(std::move(inlet));
}

}  // namespace piste::inlets
