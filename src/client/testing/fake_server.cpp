#include "client/testing/fake_server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/json.hpp>
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <thread>

namespace piste::client::testing {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;
namespace websocket = beast::websocket;
using Tcp = asio::ip::tcp;
using Request = http::request<http::string_body>;

constexpr std::int64_t no_frame = -1;

bool contains(const std::vector<std::int64_t>& numbers, std::int64_t number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

}  // namespace

struct FakeServer::State {
  explicit State(Behaviour given)
      : behaviour(std::move(given)), acceptor(io, {asio::ip::make_address("127.0.0.1"), 0}) {
    if (!behaviour.certificate.empty()) {
      tls.use_certificate_chain_file(behaviour.certificate.string());
      tls.use_private_key_file(behaviour.key.string(), asio::ssl::context::pem);
    }
    listener = std::thread([this] { listen(); });
  }

  ~State() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
      for (const int descriptor : open) ::shutdown(descriptor, SHUT_RDWR);
    }
    // The blocking accept ends with one more connection.
    asio::io_context own;
    Tcp::socket knock(own);
    boost::system::error_code ignored;
    knock.connect(acceptor.local_endpoint(), ignored);
    listener.join();
    for (auto& thread : connections) thread.join();
  }

  void listen() {
    for (;;) {
      boost::system::error_code failed;
      Tcp::socket socket(io);
      acceptor.accept(socket, failed);
      const std::lock_guard lock(mutex);
      if (failed || stopping) return;
      ++serving;
      connections.emplace_back([this, taken = std::move(socket)]() mutable {
        serve(std::move(taken));
        const std::lock_guard done(mutex);
        --serving;
        changed.notify_all();
      });
    }
  }

  void serve(Tcp::socket socket) {
    socket.set_option(Tcp::no_delay(true));
    beast::tcp_stream stream(std::move(socket));
    // A descriptor of the destructor's own: the stream may close its one at any time.
    const int descriptor = ::dup(stream.socket().native_handle());
    if (begin(descriptor)) serve(stream);
    const std::lock_guard lock(mutex);
    open.remove(descriptor);
    ::close(descriptor);
  }

  bool begin(int descriptor) {
    const std::lock_guard lock(mutex);
    if (!stopping) open.push_back(descriptor);
    return !stopping;
  }

  void serve(beast::tcp_stream& stream) {
    try {
      if (behaviour.certificate.empty()) {
        serve_http(stream);
      } else {
        beast::ssl_stream<beast::tcp_stream&> secure(stream, tls);
        secure.handshake(asio::ssl::stream_base::server);
        serve_http(secure);
      }
    } catch (const boost::system::system_error&) {
      // The client is gone.
    }
  }

  template <class Stream>
  void serve_http(Stream& stream) {
    beast::flat_buffer buffer;
    http::request_parser<http::string_body> parser;
    parser.body_limit(256u << 20);
    boost::system::error_code malformed;
    http::read_header(stream, buffer, parser, malformed);
    if (malformed) return refuse(stream);
    note(parser.get());
    const bool taken = upgrades_taken < behaviour.taken_upgrades;
    const bool refused =
        behaviour.refuse_upgrade != 0 && !taken && upgrades_refused < behaviour.refused_upgrades;
    if (websocket::is_upgrade(parser.get()) && taken) ++upgrades_taken;
    if (websocket::is_upgrade(parser.get()) && refused) ++upgrades_refused;
    if (websocket::is_upgrade(parser.get()) && !refused) {
      return serve_websocket(stream, parser.get());
    }
    if (!(behaviour.analyze_answers_at_once && parser.get().target() == "/analyze"))
      http::read(stream, buffer, parser);
    answer(stream, parser.get());
  }

  // As servers answer what is no HTTP, TLS for example.
  template <class Stream>
  static void refuse(Stream& stream) {
    http::response<http::string_body> response(http::status::bad_request, 11);
    response.prepare_payload();
    http::write(stream, response);
  }

  template <class Body>
  void note(const http::request<Body>& request) {
    const std::lock_guard lock(mutex);
    received.targets.emplace_back(request.target());
    received.hosts.emplace_back(request[http::field::host]);
    received.authorizations.emplace_back(request[http::field::authorization]);
  }

  template <class Stream>
  void answer(Stream& stream, const Request& request) {
    http::response<http::string_body> response(http::status::ok, request.version());
    const std::string target(request.target().substr(0, request.target().find('?')));
    const auto ends_with = [&](std::string_view end) { return std::string_view(target).ends_with(end); };
    if (ends_with("/health")) {
      response.result(behaviour.health_status);
      response.body() = R"({"status":"ok"})";
    } else if (ends_with("/streaming/stats") && behaviour.has_streaming) {
      response.body() = R"({"active_sessions":0})";
    } else if (ends_with("/analyze") && busy_with("analyze")) {
      response.result(http::status::service_unavailable);
      response.set(http::field::retry_after, std::to_string(behaviour.retry_after));
      response.body() = R"({"error":"The server has too much to do"})";
    } else if (ends_with("/analyze")) {
      response.result(behaviour.analyze_status);
      response.body() = behaviour.analyze_body.empty() ? behaviour.result : behaviour.analyze_body;
      const std::lock_guard lock(mutex);
      received.body = request.body();
    } else {
      response.result(ends_with("/stream") && behaviour.refuse_upgrade ? behaviour.refuse_upgrade : 404);
    }
    response.prepare_payload();
    http::write(stream, response);
  }

  template <class Stream>
  struct Conversation {
    websocket::stream<Stream&> socket;
    std::vector<std::int64_t> unanswered;
    std::string session_id;

    void send(const json::object& message) { send(json::serialize(message)); }
    void send(const std::string& text) {
      socket.text(true);
      socket.write(asio::buffer(text));
    }
    std::string read() {
      beast::flat_buffer buffer;
      socket.read(buffer);
      return beast::buffers_to_string(buffer.data());
    }
    void fail(std::string_view code, std::string_view text, bool recoverable, std::int64_t frame = no_frame) {
      json::object message{{"type", "error"},
                           {"session_id", session_id},
                           {"error_code", code},
                           {"error_message", text},
                           {"recoverable", recoverable}};
      if (frame != no_frame) message["frame_number"] = frame;
      send(message);
    }
  };

  template <class Stream>
  void serve_websocket(Stream& stream, const Request& request) {
    Conversation<Stream> talk{websocket::stream<Stream&>(stream), {}, {}};
    talk.socket.read_message_max(256u << 20);
    talk.socket.accept(request);
    try {
      while (handle(talk, talk.read())) {
      }
    } catch (const boost::system::system_error& error) {
      const std::lock_guard lock(mutex);
      received.closed_properly = error.code() == websocket::error::closed;
    }
  }

  // False: the connection is to be cut.
  template <class Stream>
  bool handle(Conversation<Stream>& talk, const std::string& text) {
    const json::object message = json::parse(text).as_object();
    const std::string type(message.at("type").as_string());
    if (type == "frame") return take_frame(talk, text, message.at("frame_number").as_int64());
    {
      const std::lock_guard lock(mutex);
      received.messages.push_back(text);
    }
    if (busy_with(type)) return say_busy(talk, message);
    if (type == "session_start") {
      if (starts_dropped < behaviour.dropped_starts) {
        ++starts_dropped;
        return false;
      }
      talk.session_id = std::string(message.at("session_id").as_string());
      ended = signalled = false;
      if (behaviour.drop_again) dropped = false;
      if (behaviour.start_error.empty()) {
        json::object started{{"type", "session_started"}, {"session_id", talk.session_id}};
        if (!behaviour.resume_token.empty()) started["resume_token"] = behaviour.resume_token;
        talk.send(started);
      } else {
        talk.fail("SESSION_START_FAILED", behaviour.start_error, false);
      }
    } else if (type == "session_resume") {
      resume(talk, message);
    } else if (type == "session_end") {
      ended = true;
      acknowledge(talk);
      json::array issues(behaviour.issues.begin(), behaviour.issues.end());
      talk.send({{"type", "session_ended"},
                 {"session_id", talk.session_id},
                 {"validation", {{"valid", issues.empty()}, {"issues", issues}}}});
    } else if (type == "signal") {
      return judge(talk);
    }
    return true;
  }

  bool busy_with(const std::string& type) {
    const std::lock_guard lock(mutex);
    const auto found = behaviour.busy_for.find(type);
    return found != behaviour.busy_for.end() && times_busy[type]++ < found->second;
  }

  // False: the connection is to be cut.
  template <class Stream>
  bool say_busy(Conversation<Stream>& talk, const json::object& message) {
    const auto& type = message.at("type").as_string();
    if (type == "signal") talk.read();
    const bool live = type == "signal" || type == "session_end";
    const char* code = type == "session_start"    ? "SESSION_START_FAILED"
                       : type == "session_resume" ? "SESSION_RESUME_FAILED"
                                                  : "PROCESSING_FAILED";
    talk.send({{"type", "error"},
               {"session_id", message.at("session_id")},
               {"error_code", code},
               {"error_message", "The server has too much to do"},
               {"recoverable", live},
               {"retry_after", behaviour.retry_after}});
    return !behaviour.drop_when_busy;
  }

  template <class Stream>
  bool take_frame(Conversation<Stream>& talk, const std::string& header, std::int64_t number) {
    const std::string bytes = talk.read();
    talk.unanswered.push_back(number);
    {
      const std::lock_guard lock(mutex);
      received.frames.push_back({header, bytes});
      received.most_unanswered = std::max(received.most_unanswered, talk.unanswered.size());
    }
    changed.notify_all();
    if (behaviour.before_answer) behaviour.before_answer(number);
    if (behaviour.drop_at == number && (behaviour.resume_token.empty() || !dropped.exchange(true)))
      return false;
    if (behaviour.fatal_error_at == number) talk.fail("INTERNAL_ERROR", "the disk is full", false);
    if (behaviour.garbage_at == number) {
      talk.socket.binary(behaviour.garbage_is_binary);
      talk.socket.write(asio::buffer(behaviour.garbage));
    }
    if (talk.unanswered.size() >= behaviour.acks_in_groups_of) acknowledge(talk);
    return true;
  }

  template <class Stream>
  void acknowledge(Conversation<Stream>& talk) {
    for (const std::int64_t number : talk.unanswered) {
      if (contains(behaviour.unanswered, number)) continue;
      if (contains(behaviour.no_room_for, number) && times_without_room[number] < behaviour.no_room_times) {
        ++times_without_room[number];
        talk.send({{"type", "error"},
                   {"error_code", "FRAME_PROCESSING_FAILED"},
                   {"error_message", "Not enough disk space on the server"},
                   {"recoverable", true},
                   {"frame_number", number},
                   {"retry_after", 1}});
        continue;
      }
      if (contains(behaviour.rejected, number)) {
        const std::int64_t named = behaviour.errors_name_frame ? number : no_frame;
        talk.fail("FRAME_PROCESSING_FAILED", "Failed to decode frame " + std::to_string(number), true, named);
        continue;
      }
      talk.send({{"type", "frame_ack"},
                 {"session_id", talk.session_id},
                 {"frame_number", number},
                 {"status", contains(behaviour.duplicates, number) ? "duplicate" : "received"}});
    }
    talk.unanswered.clear();
  }

  template <class Stream>
  void resume(Conversation<Stream>& talk, const json::object& message) {
    talk.session_id = std::string(message.at("session_id").as_string());
    json::array ranges;
    {
      const std::lock_guard lock(mutex);
      for (const auto& frame : received.frames) {
        const auto number = json::parse(frame.header).at("frame_number").as_int64();
        ranges.push_back(json::array{number, number});
      }
    }
    json::object refusal{{"type", "error"}, {"error_code", "SESSION_RESUME_FAILED"}, {"recoverable", false}};
    if (message.at("resume_token").as_string() != behaviour.resume_token || !behaviour.resume_error.empty()) {
      refusal["error_message"] = behaviour.resume_error;
      return talk.send(refusal);
    }
    const char* state = signalled ? "PROCESSING" : ended ? "FRAMES_COMPLETE" : "RECEIVING_FRAMES";
    talk.send({{"type", "session_resumed"},
               {"session_id", talk.session_id},
               {"state", state},
               {"ranges", ranges},
               {"has_signal", signalled.load()}});
    if (signalled) conclude(talk);
  }

  // False: the connection is to be cut.
  template <class Stream>
  bool judge(Conversation<Stream>& talk) {
    const std::string bytes = talk.read();
    {
      const std::lock_guard lock(mutex);
      received.signal = bytes;
    }
    signalled = true;
    talk.send({{"type", "signal_ack"}, {"session_id", talk.session_id}, {"status", "received"}});
    talk.send({{"type", "process_start"}, {"session_id", talk.session_id}});
    if (behaviour.drop_after_signal && !(behaviour.drop_once && dropped.exchange(true))) return false;
    conclude(talk);
    return true;
  }

  template <class Stream>
  void conclude(Conversation<Stream>& talk) {
    talk.send({{"type", "process_progress"},
               {"session_id", talk.session_id},
               {"stage", "yolo"},
               {"progress", 0.5},
               {"message", "Finding the fencers\x1b[31m"}});
    talk.send(R"({"type":"process_progress","stage":"decision","progress":1,"decision":{"winner":"left"}})");
    if (!behaviour.processing_error.empty()) {
      return talk.fail("PROCESSING_FAILED", behaviour.processing_error, false);
    }
    talk.send(R"({"type":"process_progress","stage":"overlay","progress":1,"message":"Artifacts saved"})");
    talk.send(R"({"type":"process_complete","session_id":"x","result":)" + behaviour.result + "}");
  }

  const Behaviour behaviour;
  asio::io_context io;
  asio::ssl::context tls{asio::ssl::context::tls_server};
  Tcp::acceptor acceptor;
  std::thread listener;

  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  // Below: protected by mutex.
  Received received;
  std::map<std::string, unsigned> times_busy;  // by type of message
  std::list<std::thread> connections;
  // Of the one session that is resumed; connections follow one another.
  std::atomic<bool> ended = false;
  std::atomic<bool> signalled = false;
  std::atomic<bool> dropped = false;
  std::atomic<unsigned> upgrades_refused = 0;
  std::atomic<unsigned> upgrades_taken = 0;
  std::atomic<unsigned> starts_dropped = 0;
  std::map<std::int64_t, unsigned> times_without_room;  // by frame; the one session's connection only
  std::list<int> open;                                  // descriptors
  int serving = 0;
  bool stopping = false;
};

FakeServer::FakeServer(Behaviour behaviour) : state_(std::make_unique<State>(std::move(behaviour))) {}
FakeServer::~FakeServer() = default;

std::uint16_t FakeServer::port() const {
  return state_->acceptor.local_endpoint().port();
}

std::string FakeServer::url(const std::string& rest) const {
  const std::string scheme = state_->behaviour.certificate.empty() ? "http" : "https";
  return scheme + "://127.0.0.1:" + std::to_string(port()) + rest;
}

Received FakeServer::received() const {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait_for(lock, std::chrono::seconds(10), [&] { return state_->serving == 0; });
  return state_->received;
}

bool FakeServer::await_frames(std::size_t count) const {
  std::unique_lock lock(state_->mutex);
  return state_->changed.wait_for(lock, std::chrono::seconds(10),
                                  [&] { return state_->received.frames.size() >= count; });
}

}  // namespace piste::client::testing
