// A connection's bytes: TCP, or TLS over TCP. Satisfies Beast's AsyncStream, so that HTTP and WebSocket are
// compiled once for both. Below it nothing is compiled anew for each operation that waits for bytes: handlers
// and buffers come down to one type. Include it in .cpp files where that is enough. One thread at a time.
#pragma once

#include <openssl/types.h>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/container/static_vector.hpp>
#include <memory>
#include <utility>

namespace piste::net {

class Stream {
 public:
  using Tcp = boost::beast::tcp_stream;
  using executor_type = Tcp::executor_type;
  using Context = boost::asio::ssl::context;
  using Role = boost::asio::ssl::stream_base::handshake_type;
  using error_code = boost::system::error_code;

  explicit Stream(const executor_type& executor);
  explicit Stream(boost::asio::ip::tcp::socket socket);
  ~Stream();
  Stream(Stream&& other) noexcept;  // which may only be destroyed then
  Stream& operator=(Stream&& other) noexcept;

  executor_type get_executor() { return next_layer().get_executor(); }
  Tcp& next_layer();
  const Tcp& next_layer() const { return const_cast<Stream*>(this)->next_layer(); }
  boost::asio::ip::tcp::socket& socket() { return next_layer().socket(); }

  bool secure() const { return tls() != nullptr; }
  // Bytes that were read too early, with what came before them: they are read again, before all others.
  void unread(boost::beast::flat_buffer early);

  // From here on bytes go through TLS: the handshake comes next.
  void start_tls(std::shared_ptr<Context> context);
  SSL* tls() const;  // null before start_tls()
  // begun: what has been read of it already.
  boost::asio::awaitable<error_code> handshake(Role role, boost::asio::const_buffer begun = {});

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const Room& room) { read(room, erase<Handler>(std::move(handler))); }, token,
        first<Room>(buffers));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const Pieces& pieces) { write(pieces, erase<Handler>(std::move(handler))); },
        token, first<Pieces>(buffers));
  }

  // Beast's customisation points for closing a WebSocket, found by argument-dependent lookup.
  friend void teardown(boost::beast::role_type role, Stream& stream, error_code& failed) {
    stream.end(role, failed);
  }
  template <class Handler>
  friend void async_teardown(boost::beast::role_type role, Stream& stream, Handler&& handler) {
    stream.end(role, stream.erase<EndHandler>(std::forward<Handler>(handler)));
  }

 private:
  // What one system call takes: an operation on "some" bytes may leave the others for the next.
  static constexpr std::size_t most = 32;
  using Room = boost::container::static_vector<boost::asio::mutable_buffer, most>;
  using Pieces = boost::container::static_vector<boost::asio::const_buffer, most>;
  // Bound to the executor that it had: Asio 1.26 cannot post to the one that it gives an
  // any_completion_handler.
  template <class Signature>
  using Erased = boost::asio::executor_binder<boost::asio::any_completion_handler<Signature>, executor_type>;
  using Handler = Erased<void(error_code, std::size_t)>;
  using EndHandler = Erased<void(error_code)>;
  struct Layers;

  template <class First, class Buffers>
  static First first(const Buffers& buffers) {
    First taken;
    const auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto at = boost::asio::buffer_sequence_begin(buffers); at != end && taken.size() < most; ++at) {
      const typename First::value_type buffer(*at);
      if (buffer.size() > 0) taken.push_back(buffer);
    }
    return taken;
  }

  template <class To, class From>
  To erase(From handler) {
    const executor_type executor = boost::asio::get_associated_executor(handler, get_executor());
    return boost::asio::bind_executor(executor, typename To::target_type(std::move(handler)));
  }

  void read(const Room& room, Handler handler);
  void write(const Pieces& pieces, Handler handler);
  void end(boost::beast::role_type role, error_code& failed);
  void end(boost::beast::role_type role, EndHandler handler);

  std::unique_ptr<Layers> layers_;
};

}  // namespace piste::net
