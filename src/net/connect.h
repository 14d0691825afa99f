// The way to a server: look-up, TCP and, where it is wanted, TLS with a certificate that is checked. Include
// it in .cpp files only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "net/stream.h"

namespace piste::net {

enum class ConnectError {
  unreachable,   // later it may be there
  no_tls,        // what answers does not speak it
  untrusted,     // the certificate
  certificates,  // the file of those to trust is none
};

struct Peer {
  bool tls = false;
  std::string host;  // without brackets
  std::string port;
};

struct ConnectOptions {
  std::filesystem::path ca;  // certificates to trust (PEM) beside the system's; empty: only those
  std::chrono::seconds connect_timeout{10};  // for each of: look-up, TCP, TLS
};

// stream: a fresh one. Peer and options must live until then.
boost::asio::awaitable<base::Result<base::Done, ConnectError>> connect(Stream& stream, const Peer& peer,
                                                                       const ConnectOptions& options);

}  // namespace piste::net
