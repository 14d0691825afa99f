#include "server/analyze.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/json/object.hpp>
#include <cerrno>
#include <memory>

#include "base/json_text.h"
#include "base/log.h"
#include "server/routes.h"
#include "server/upload_form.h"
#include "session/upload.h"

namespace piste::server {
namespace {

using std::chrono::steady_clock;
using BodyParser = http::request_parser<http::buffer_body>;

constexpr std::size_t piece_bytes = 256 * 1024;  // each goes to the disk on another thread
constexpr std::chrono::milliseconds seat_poll{50};

// wait: until the next upload may come, where too many have.
Reply reply_for(const base::Error<session::UploadError>& error, std::chrono::seconds wait = {}) {
  switch (error.code) {
    case session::UploadError::busy:
      return busy_reply(error.message);
    case session::UploadError::too_many:
      return too_many_reply(error.message, wait);
    case session::UploadError::bad_log:
    case session::UploadError::bad_video:
      return error_reply(http::status::unprocessable_entity, error.message);
    case session::UploadError::failed:
      break;
  }
  return error_reply(http::status::internal_server_error, error.message);
}

Reply reply_for(const HttpError& error) {
  if (error.code == http::status::service_unavailable) return busy_reply(error.message);
  return error_reply(error.code, error.message);
}

Reply too_large(const Service& service) {
  return error_reply(http::status::payload_too_large,
                     "The upload is larger than this service takes (" +
                         std::to_string(service.options.max_upload_bytes >> 20) + " MB)");
}

Reply too_slow(const Service& service) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(service.options.body_timeout);
  return error_reply(http::status::request_timeout,
                     "The upload was cut: nothing more of it came for " + std::to_string(seconds.count()) +
                         " seconds, or all of it came slower than " +
                         std::to_string(service.options.min_upload_rate / 1024) + " KB a second");
}

// Cuts a read that takes too long and leaves the connection, for an answer: the stream's own timeout closes
// it.
class Patience {
 public:
  Patience(Stream& stream, steady_clock::time_point limit)
      : over_(std::make_shared<bool>(false)), timer_(stream.get_executor(), limit) {
    stream.next_layer().expires_never();
    timer_.async_wait([over = std::weak_ptr(over_), &stream](error_code cancelled) {
      const auto watched = over.lock();
      if (cancelled || !watched) return;
      *watched = true;
      stream.socket().cancel();
    });
  }
  bool is_over() const { return *over_; }

 private:
  const std::shared_ptr<bool> over_;  // dies with the read: a timer that is late then does nothing
  asio::steady_timer timer_;
};

// curl and others wait for this before they send a large body.
Task<> tell_to_continue(Stream& stream, const Request& request) {
  if (!beast::iequals(request[http::field::expect], "100-continue")) co_return;
  constexpr std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
  co_await asio::async_write(stream, asio::buffer(line), as_value);
}

// When a body must have come on that has brought so much: whoever sends drop by drop keeps no place for ever.
steady_clock::time_point latest(steady_clock::time_point begun, std::uint64_t received,
                                const Options& options) {
  if (options.min_upload_rate == 0) return steady_clock::time_point::max();
  const std::chrono::duration<double> due(static_cast<double>(received) /
                                          static_cast<double>(options.min_upload_rate));
  return begun + options.body_timeout + std::chrono::duration_cast<steady_clock::duration>(due);
}

// Hands the body to the form, a piece at a time. An answer where it does not come to its end.
Task<std::optional<UploadAnswer>> read_form(Stream& stream, beast::flat_buffer& buffer, HeadParser& head,
                                            UploadForm& form, Service& service, const Grant& grant) {
  BodyParser parser(std::move(head));
  parser.body_limit(service.options.max_upload_bytes);
  const auto begun = steady_clock::now();
  std::uint64_t received = 0;
  buffer.reserve(piece_bytes);  // Beast reads as much at once as the buffer has room for
  const auto piece = std::make_unique<std::array<char, piece_bytes>>();
  while (!parser.is_done()) {
    parser.get().body().data = piece->data();
    parser.get().body().size = piece->size();
    const Patience patience(stream, std::min(steady_clock::now() + service.options.body_timeout,
                                             latest(begun, received, service.options)));
    const auto [ec, count] = co_await http::async_read(stream, buffer, parser, as_value);
    if (patience.is_over()) co_return UploadAnswer{.reply = too_slow(service)};
    if (!service.access.holds(grant)) co_return UploadAnswer{.reply = unauthorized_reply()};
    if (ec == http::error::body_limit) co_return UploadAnswer{.reply = too_large(service)};
    if (ec && ec != http::error::need_buffer) {
      if (!is_malformed(ec)) co_return UploadAnswer{.reply = {}, .peer_gone = true};
      co_return UploadAnswer{.reply =
                                 error_reply(http::status::bad_request, "The request's body cannot be read")};
    }
    const std::size_t size = piece->size() - parser.get().body().size;
    received += size;
    HttpResult<base::Done> fed = base::Done{};
    co_await off_io(service.waiting, [&] { fed = form.feed({piece->data(), size}); });
    if (!fed) co_return UploadAnswer{.reply = reply_for(fed.error())};
  }
  co_return std::nullopt;
}

enum class Arrival { none, bytes, end };

// Never waits, not even where a readable socket turns out not to be one.
Arrival peek(tcp::socket& socket) {
  char byte = 0;
  const auto count = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (count > 0) return Arrival::bytes;
  return count < 0 && (errno == EAGAIN || errno == EINTR) ? Arrival::none : Arrival::end;
}

// Over TLS the end of a connection is a message too.
Task<Arrival> read_goodbye(Stream& stream) {
  char byte = 0;
  const auto [ec, count] = co_await stream.async_read_some(asio::buffer(&byte, 1), as_value);
  co_return ec ? Arrival::end : Arrival::bytes;
}

// Sets gone when the peer closes the connection. Never returns: it is cancelled.
Task<> watch(Stream& stream, std::atomic<bool>& gone) {
  for (Arrival arrival = Arrival::none; arrival == Arrival::none;) {
    const auto [ec] = co_await stream.socket().async_wait(tcp::socket::wait_read, as_value);
    if (ec) break;
    arrival = peek(stream.socket());
    if (arrival == Arrival::bytes && stream.secure()) arrival = co_await read_goodbye(stream);
    gone = arrival == Arrival::end;
  }
  asio::steady_timer forever(co_await asio::this_coro::executor, steady_clock::time_point::max());
  co_await forever.async_wait(as_value);
}

using Analysed = base::Result<std::string, session::UploadError>;

Analysed analyze(session::Upload& upload, const session::UploadOptions& options,
                 const std::function<bool()>& cancelled) {
  try {
    return upload.analyze(options, cancelled);
  } catch (const std::exception& unexpected) {
    base::log::error("", std::string("Analysis of an upload failed: ") + unexpected.what());
    return base::Error<session::UploadError>{session::UploadError::failed, "The analysis failed"};
  }
}

// To bring the files again would cost the client more than to wait a while.
Task<base::Result<base::Done, session::UploadError>> await_seat(session::Upload& upload,
                                                                const Service& service) {
  asio::steady_timer pause(co_await asio::this_coro::executor);
  const auto until = steady_clock::now() + service.options.seat_patience;
  auto seated = upload.take_seat();
  while (!seated && steady_clock::now() < until && !service.cancelled) {
    pause.expires_after(seat_poll);
    co_await pause.async_wait(as_value);
    seated = upload.take_seat();
  }
  co_return seated;
}

// What can be said before the body is read; nullopt when all is well.
std::optional<Reply> refuse_early(const HeadParser& head, const Service& service) {
  const auto length = head.content_length();
  if (length && *length > service.options.max_upload_bytes) return too_large(service);
  const auto boundary = multipart_boundary(head.get()[http::field::content_type]);
  if (!boundary) return error_reply(http::status::bad_request, boundary.error().message);
  return std::nullopt;
}

}  // namespace

Task<std::variant<ReceivedUpload, UploadAnswer>> receive_upload(Stream& stream, beast::flat_buffer& buffer,
                                                                HeadParser& head, Service& service,
                                                                const Grant& grant) {
  const Request request = head.get();
  if (auto refused = refuse_early(head, service)) co_return UploadAnswer{.reply = *refused};
  session::UploadOptions options;
  const Target target = split_target(request.target());
  if (const auto set = set_upload_options(options, target.query); !set) {
    co_return UploadAnswer{.reply = reply_for(set.error())};
  }
  std::optional<base::Result<std::unique_ptr<session::Upload>, session::UploadError>> upload;
  co_await off_io(service.waiting, [&] {
    upload = session::Upload::begin(service.registry, steady_clock::now(), grant.caller,
                                    is_later(request) ? session::Judged::later : session::Judged::now);
  });
  if (!*upload) {
    const auto wait = service.registry.wait_for_start(grant.caller.address, steady_clock::now());
    co_return UploadAnswer{.reply = reply_for(upload->error(), wait)};
  }

  co_await tell_to_continue(stream, request);
  session::Upload& stored = ***upload;
  UploadForm form(multipart_boundary(request[http::field::content_type]).value(),
                  {.video = [&](std::string_view extension) { return stored.video_path(extension); },
                   .signal = stored.signal_path(),
                   .max_signal_bytes = service.registry.limits().max_signal_bytes},
                  options);
  if (auto stopped = co_await read_form(stream, buffer, head, form, service, grant)) co_return *stopped;
  const auto complete = form.finish();
  if (!complete) co_return UploadAnswer{.reply = reply_for(complete.error()), .body_read = true};
  co_return ReceivedUpload{std::move(**upload), *complete};
}

bool is_later(const Request& request) {
  std::vector<std::string> wishes;
  boost::split(wishes, std::string_view(request["Prefer"]), boost::is_any_of(",;"));
  return std::ranges::any_of(wishes, [](const std::string& wish) {
    return boost::iequals(boost::trim_copy(wish), "respond-async");
  });
}

Task<UploadAnswer> judge_later(ReceivedUpload received, Service& service, const Request& request) {
  base::Result<base::Done, session::UploadError> kept = base::Done{};
  co_await off_io(service.waiting, [&] { kept = received.upload->keep(received.options); });
  if (!kept) co_return UploadAnswer{.reply = reply_for(kept.error()), .body_read = true};
  const std::string id = received.upload->id();
  boost::json::object told{{"session_id", id}, {"state", "CREATE"}};
  if (service.registry.in_cluster()) told["kept_by"] = std::string(to_string(session::KeptBy::node));
  Reply reply{.status = http::status::accepted, .body = base::json_text(told)};
  reply.fields.emplace_back(http::field::location,
                            split_target(request.target()).prefix + "/sessions/" + id + "/result");
  reply.fields.emplace_back(http::field::preference_applied, "respond-async");
  service.jobs.add(std::move(received.upload));
  co_return UploadAnswer{.reply = std::move(reply), .body_read = true};
}

Task<UploadAnswer> analyze_upload(Stream& stream, ReceivedUpload received, Service& service,
                                  const Grant& grant) {
  using namespace asio::experimental::awaitable_operators;
  std::atomic<bool> gone = false;
  const std::function<bool()> cancelled = [&] {
    return gone || service.cancelled || !service.access.holds(grant);
  };
  if (const auto seated = co_await await_seat(*received.upload, service); !seated) {
    co_return UploadAnswer{.reply = reply_for(seated.error()), .body_read = true};
  }
  stream.next_layer().expires_never();
  std::optional<Analysed> result;
  auto work =
      off_io(service.analyses, [&] { result = analyze(*received.upload, received.options, cancelled); });
  co_await (std::move(work) || watch(stream, gone));
  const bool reusable = !stream.secure();  // of the next request a byte may have been read
  if (!service.access.holds(grant)) co_return UploadAnswer{.reply = unauthorized_reply()};
  if (*result) co_return UploadAnswer{.reply = {.body = std::move(**result)}, .body_read = reusable};
  const Reply reply =
      service.cancelled ? busy_reply("The service is shutting down") : reply_for(result->error());
  co_return UploadAnswer{.reply = reply, .body_read = reusable, .peer_gone = gone};
}

}  // namespace piste::server
