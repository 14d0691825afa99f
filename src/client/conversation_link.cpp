// The connection: how it is made, watched, and made again when it was lost; the course of a phrase is in
// conversation.cpp.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <cstdio>
#include <random>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "client/awaiting.h"
#include "client/backoff.h"
#include "client/connect.h"
#include "client/conversation.h"
#include "client/upload_command.h"

namespace piste::client {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds tick_interval{100};
constexpr std::chrono::seconds ping_interval{15};  // below the idle limits of usual proxies
constexpr std::chrono::seconds answer_limit{180};  // a server that owes an answer for this long is given up
constexpr std::chrono::seconds stall_limit{30};    // the same, where the session can be resumed
constexpr std::chrono::seconds resume_limit{10};
constexpr std::chrono::seconds elsewhere_limit{3};  // for a server that says that another has the session
constexpr int most_new_starts = 10;       // of one phrase: a server that forgets it each time is given up
constexpr std::size_t ranges_listed = 4;  // of the frames that were acknowledged
constexpr std::chrono::seconds last_words_limit{
    2};  // how long a server's reason is awaited after a failed write

std::string seconds_text(std::chrono::steady_clock::duration time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", std::chrono::duration<double>(time).count());
  return text;
}

}  // namespace

Conversation::Awaitable<Result<base::Done>> Conversation::connect() {
  socket_ = std::make_unique<WebSocket>(io_.get_executor());
  ConnectOptions connection;
  connection.ca = options_.ca;
  const auto connected = co_await socket_->connect(options_.server, connection);
  if (!connected) co_return connected.error();
  last_message_ = Clock::now();
  reading_over_ = false;
  finished_ = false;
  spawn(read_replies());
  spawn(keep_alive());
  spawn(watch());
  co_return base::Done{};
}

// Whatever state the connection is in; nobody uses the socket any more when this returns.
Conversation::Awaitable<void> Conversation::disconnect() {
  finished_ = true;
  socket_->abort();
  grace_.cancel();
  tick_.cancel();
  ping_.cancel();
  while (children_ > 0) co_await changed_.async_wait(awaiting);
}

bool Conversation::may_go_on(const Error& error) const {
  const bool can = !started_ || !resume_token_.empty();
  return error.code == ErrorCode::connection && can && !interrupted_ && options_.reconnect_for.count() > 0;
}

// One line says that there is no connection, one that there is one again.
Conversation::Awaitable<Result<base::Done>> Conversation::reconnect(Error reason) {
  const auto since = lost_at_ = Clock::now();
  const std::string limit = std::to_string(options_.reconnect_for.count()) + " s";
  view_.line(reason.message + (started_ ? "; reconnecting for up to " : "; trying again for up to ") + limit +
             (info_.camera && !feed_->finished() ? "; the recording goes on" : ""));
  Backoff backoff(std::random_device{}());
  bool told = false;  // that a server does not take it for now
  for (refused_.reset();;) {
    co_await disconnect();
    const Clock::duration delay = std::max<Clock::duration>(backoff.next(), come_back_ - Clock::now());
    if (Clock::now() + delay - since > options_.reconnect_for) {
      if (refused_) co_return no_room(*refused_);
      co_return Error{
          ErrorCode::connection,
          "the server did not " + std::string(started_ ? "come back" : "answer") + " within " + limit};
    }
    reconnecting_ = true;
    tick_.expires_after(delay);
    co_await tick_.async_wait(awaiting);
    reconnecting_ = false;
    if (interrupted_) co_return *failure_;
    failure_.reset();
    const bool resuming = begun();
    const auto back = co_await go_on();
    if (!back && !may_go_on(back.error())) co_return back;
    if (!back && refused_ && !std::exchange(told, true)) {
      view_.line("Server: " + refused_->text + "; asking again for up to " + limit);
    }
    if (!back && refused_) backoff = Backoff(std::random_device{}());  // it answers, and says when to come
    if (!back) continue;
    say_back(seconds_text(Clock::now() - since), resuming);
    co_return base::Done{};
  }
}

// Where it was: a session that has not begun is begun.
Conversation::Awaitable<Result<base::Done>> Conversation::go_on() {
  refused_.reset();
  auto connected = co_await connect();
  // A proxy may say anything while its server starts.
  if (!connected && begun()) co_return Error{ErrorCode::connection, connected.error().message};
  if (!connected) co_return connected;
  if (started_) co_return co_await resume();
  co_return co_await start();
}

Conversation::Awaitable<Result<base::Done>> Conversation::resume() {
  resumed_.reset();
  resuming_ = asking_ = true;
  auto done = co_await send_text(session_resume(options_.session_id, resume_token_, phrases_));
  last_message_ = Clock::now();
  if (done) done = co_await until([this] { return resumed_ || refused_; });
  resuming_ = asking_ = false;
  if (!done) co_return done;
  if (refused_) co_return co_await not_resumed(*refused_);
  take_up(*resumed_);
  co_return done;
}

// For now: over another connection, which behind a balancer may lead to the server that has the session. For
// good, or where none is led there for long: this server takes the phrase from its beginning. A server that
// is full names a longer time.
Conversation::Awaitable<Result<base::Done>> Conversation::not_resumed(ServerError refusal) {
  const bool elsewhere = refusal.retry_after && *refusal.retry_after <= 1;
  const bool for_long = elsewhere && Clock::now() - lost_at_ >= elsewhere_limit && frames_.all_kept();
  if (refusal.retry_after && !(for_long && new_starts_ < most_new_starts)) {
    come_back_ = Clock::now() + wait_of(refusal);
    co_return Error{ErrorCode::connection, refusal.text};
  }
  const bool gone = refusal.code == "SESSION_RESUME_FAILED" && !refusal.recoverable;
  if (gone && new_starts_ < most_new_starts && frames_.all_lost()) co_return co_await start_anew();
  co_return Error{ErrorCode::no_entry, "the session cannot be resumed: " + base::escaped(refusal.text)};
}

Conversation::Awaitable<Result<base::Done>> Conversation::start_anew() {
  ++new_starts_;
  started_ = ended_ = false;
  resume_token_.clear();
  window_.clear();
  acknowledged_ = {};
  phase_ = Phase::starting;
  co_return co_await start();
}

void Conversation::say_back(const std::string& time, bool resuming) {
  const std::string frames = base::plural(static_cast<std::int64_t>(frames_.to_send_again()), "frame");
  if (!resuming) return view_.line("The server answers after " + time);
  view_.line("The connection is back after " + time +
             (resumed_ ? ": the session goes on, " + frames + " to send again"
                       : ": the server has nothing of the session, which begins anew with " + frames +
                             " to send again"));
}

void Conversation::take_up(const Resumed& resumed) {
  if (resumed.state == "CREATE" || resumed.state == "RECEIVING_FRAMES") ended_ = false;
  window_.clear();
  for (const std::int64_t number : frames_.lost(resumed.ranges)) acknowledged_.insert(number);
}

// The phrase is not lost with the connection, nor with a server that cannot judge it: a file is there
// already, a camera is recorded to its end. Then the user is told how to send it later.
Conversation::Awaitable<Error> Conversation::give_up(Error error) {
  const bool may_change = error.code == ErrorCode::connection || error.code == ErrorCode::no_room;
  const bool refused = error.code == ErrorCode::refused;
  const bool lost = may_change || error.code == ErrorCode::no_entry || (refused && keepsake_);
  const bool worth_it = begun() || (may_change && options_.reconnect_for.count() > 0);
  if (!lost || !worth_it || interrupted_) co_return error;
  co_await leave();  // what is still heard of it must not end the recording
  std::filesystem::path video = options_.source.video;
  if (keepsake_) {
    if (!feed_->finished()) view_.line(error.message + "; the recording goes on, on this computer");
    co_await keep_the_rest();
    const auto saved = keepsake_->finish();
    if (!saved) co_return Error{error.code, error.message + "; " + saved.error().message};
    video = *saved;
  }
  if (keepsake_) error.message += "; the phrase is saved";
  error.message += "; " + upload_advice(options_, video);
  co_return error;
}

Conversation::Awaitable<void> Conversation::keep_the_rest() {
  for (failure_.reset(); !interrupted_;) {
    while (const auto frame = feed_->try_take()) keepsake_->add(*frame);
    if (feed_->finished()) co_return;
    if (const auto more = co_await until([this] { return feed_->ready(); }); !more) co_return;
  }
}

// ---- while it is there: replies, pings, the watch

void Conversation::spawn(Awaitable<void> child) {
  ++children_;
  asio::co_spawn(io_, std::move(child), [this](std::exception_ptr unexpected) {
    --children_;
    changed_.cancel();
    if (unexpected) std::rethrow_exception(unexpected);
  });
}

Conversation::Awaitable<void> Conversation::read_replies() {
  for (;;) {
    auto text = co_await socket_->read();
    if (!text) {
      if (!finished_) fail(lost(text.error().message));
      break;
    }
    if (finished_) continue;
    base::log::debug(options_.session_id, "received " + text->substr(0, 1000));
    last_message_ = Clock::now();
    auto reply = parse_reply(*text);
    if (!reply) {
      fail(reply.error());
      break;
    }
    std::visit([this](const auto& message) { on(message); }, *reply);
    changed_.cancel();
  }
  reading_over_ = true;
}

Conversation::Awaitable<void> Conversation::keep_alive() {
  while (!finished_ && !reading_over_) {
    ping_.expires_after(ping_interval);
    auto [stopped] = co_await ping_.async_wait(awaiting);
    if (stopped) co_return;
    const auto sent = co_await socket_->ping();
    if (!sent) co_return;  // the reader learns of it too
  }
}

Conversation::Awaitable<void> Conversation::watch() {
  while (!finished_) {
    tick_.expires_after(tick_interval);
    auto [stopped] = co_await tick_.async_wait(awaiting);
    if (stopped) co_return;
    const auto now = Clock::now();
    if (phase_ == Phase::sending) view_.sending(status(now), now);
    show_advice_when_ready(false);
    changed_.cancel();  // what is waited for may be a time
    // Where the session can be resumed, another connection costs little.
    const auto limit = phase_ == Phase::sending && !resume_token_.empty() ? stall_limit : answer_limit;
    const bool told_to_wait = now < no_room_before_;
    const bool log_to_come = info_.camera && ended_ && phase_ == Phase::ending;
    const bool owes = phase_ == Phase::sending ? !window_.empty() : !told_to_wait && !log_to_come;
    if (resuming_ && asking_ && now - last_message_ > resume_limit) fail(lost("no answer to session_resume"));
    if (!owes || writing_) {
      if (!owes) last_message_ = now;
    } else if (now - last_message_ > limit) {
      fail(lost("the server has not answered for " + std::to_string(limit.count()) + " s"));
    }
  }
}

void Conversation::fail(Error error) {
  if (!failure_) failure_ = std::move(error);
  // A write that waits for a full pipe would wait for ever.
  if (writing_) abort_after_grace();
  changed_.cancel();
}

void Conversation::abort_after_grace() {
  grace_.expires_after(last_words_limit);
  grace_.async_wait([this](const boost::system::error_code& stopped) {
    if (!stopped && socket_) socket_->abort();
  });
}

Error Conversation::lost(const std::string& why) const {
  std::string text = "connection lost: " + why;
  if (started_) {
    const auto ranges = acknowledged_.ranges();
    text += "; " + base::plural(sent_, "frame") + " sent, " + std::to_string(acknowledged_.count()) +
            " acknowledged (" + (ranges.empty() ? "none" : base::listed(ranges, ranges_listed)) + ")";
  }
  return {ErrorCode::connection, text};
}

}  // namespace piste::client
