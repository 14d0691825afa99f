// One connection's HTTP requests, until it ends or becomes a WebSocket.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "server/access.h"
#include "server/analyze.h"
#include "server/connections.h"
#include "server/routes.h"
#include "server/service.h"

namespace piste::server {

// A connection whose request asks for the WebSocket of /stream, or of /events; the socket is the receiver's
// now.
struct Upgrade {
  Stream stream;
  Request request;
  std::string peer;  // address and port, for log lines
  Grant grant;
  bool events = false;  // asked for /events
};

// run() and all private functions: on the stream's strand.
class HttpSession : public Connection, public std::enable_shared_from_this<HttpSession> {
 public:
  // surplus: its address has connections enough; a request is answered with 429.
  HttpSession(Stream stream, bool surplus, Service& service);

  // Returns when the connection is over (nothing) or has been handed over. The caller keeps the session
  // alive.
  Task<std::optional<Upgrade>> run();
  void drain() override;
  void shut() override;
  void recheck() override;

 private:
  enum class Phase { waiting, reading, answering };  // for a request, its body, its answer
  enum class Next { request, linger, close };

  // TLS, if the service speaks it; false: the connection is over.
  Task<bool> secure();
  // A request that came without TLS where the service speaks it: how to trust it, or that it is spoken here.
  Task<> answer_plain();
  Task<Next> answer(HeadParser& parser, const Target& target, const Found& found);
  Task<Next> answer_granted(HeadParser& parser, const Target& target, const Found& found, const Grant& grant);
  // The small body of a request that changes something; nothing: it does not come, or is too long.
  Task<std::optional<std::string>> read_body(HeadParser& parser);
  Task<Next> answer_change(HeadParser& parser, const Target& target, const Found& found, const Grant& grant);
  Task<Next> answer_analyze(HeadParser& parser, const Grant& grant);
  std::optional<Grant> grant_for(const Request& request, const Target& target) const;
  // Who asks, as a trusted proxy says: it may hand on the requests of many.
  void know_client(const Request& request);
  bool too_many_connections() const;
  // Whether the request is for one of the service's names, and the page that it comes from, if it comes from
  // one, may use the service.
  bool may_speak(const Request& request) const;
  bool is_for_this_service(const Request& request) const;
  bool comes_from_welcome_page(const Request& request) const;  // or from none
  // Who may not speak is told why.
  Reply refuse_stranger(const Request& request) const;
  Task<> refuse(error_code reason);
  // keep_open: the request was read to its end, so another may follow if the client and the server want so
  // too.
  Task<Next> write(const Reply& reply, const Request& request, bool keep_open);
  // The reply's bytes of its file; false: the peer is gone, or does not take them.
  Task<bool> write_file(const Reply& reply);
  Task<> linger();
  void close();

  Stream stream_;
  const asio::any_io_executor strand_;
  Service& service_;
  const bool surplus_;
  const asio::ip::address peer_address_;
  std::string client_;  // whose connections and sessions are counted
  std::string peer_;    // for log lines
  beast::flat_buffer buffer_;
  Phase phase_ = Phase::waiting;
  std::optional<Grant> uploading_;  // whose upload is in work; other requests are checked when they come
  int requests_ = 0;
};

}  // namespace piste::server
