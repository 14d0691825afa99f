#include "client/conversation.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "client/awaiting.h"
#include "client/files.h"

namespace piste::client {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds signal_poll{250};
constexpr std::chrono::milliseconds last_answers_limit{1'000};  // without any answer

}  // namespace

Conversation::Conversation(asio::io_context& io, const StreamingOptions& options, ProgressView& view,
                           std::deque<types::Touch> touches)
    : io_(io),
      options_(options),
      view_(view),
      changed_(io, asio::steady_timer::time_point::max()),
      tick_(io),
      ping_(io),
      grace_(io),
      touches_(std::move(touches)),
      window_(options.window_frames, options.window_bytes),
      // A bout is hours long.
      frames_(options.bout ? 0 : options.kept_bytes, options.bout ? 0 : options.disk_bytes, ".") {}

// ---- the course of a phrase

Conversation::Awaitable<Result<std::string>> Conversation::run(FrameSource source) {
  record(std::move(source));
  const auto result = co_await converse();
  feed_.reset();
  co_await leave();
  co_return result;
}

void Conversation::record(FrameSource source) {
  info_ = source.info();
  if (info_.camera && !options_.bout) keepsake_.emplace(options_.session_id, info_.fps);
  FeedOptions feed;
  feed.realtime = options_.source.realtime;
  feed.memory_bytes = options_.memory_bytes;
  feed.disk_bytes = options_.disk_bytes;
  feed_ = std::make_unique<FrameFeed>(std::move(source), feed,
                                      [this] { asio::post(io_, [this] { changed_.cancel(); }); });
}

Conversation::Awaitable<Result<std::string>> Conversation::converse() {
  auto done = co_await connect();
  if (done) done = co_await start();
  for (;;) {
    if (done) done = co_await deliver();
    if (done) co_return *result_;
    if (!may_go_on(done.error())) co_return co_await give_up(done.error());
    done = co_await reconnect(done.error());
    if (!done) co_return co_await give_up(done.error());
  }
}

// What is left to do, over the connection that there is.
Conversation::Awaitable<Result<base::Done>> Conversation::deliver() {
  const bool frames_over = resumed_ && resumed_->state != "CREATE" && resumed_->state != "RECEIVING_FRAMES";
  const bool log_there = resumed_ && frames_over && resumed_->state != "FRAMES_COMPLETE";
  if (!frames_over) {
    if (auto done = co_await send_frames(); !done) co_return done;
  }
  if (!ended_ && !log_there) {
    if (auto done = co_await end(); !done) co_return done;
  }
  if (options_.bout) {
    phase_ = Phase::judging;
    co_return co_await until([this] { return result_.has_value(); });
  }
  if (!log_there) {
    if (auto done = co_await signal(info_.camera); !done) co_return done;
  }
  if (!log_there && !(resumed_ && resumed_->has_signal)) co_return co_await judge();
  phase_ = Phase::judging;
  co_return co_await until([this] { return result_.has_value(); });
}

Conversation::Awaitable<Result<base::Done>> Conversation::start() {
  const StartMessage message{options_.session_id,
                             info_.fps,
                             info_.width,
                             info_.height,
                             info_.expected_frames,
                             options_.weapon,
                             options_.include_keypoints,
                             options_.overlay,
                             options_.source.encoding == types::Encoding::h264,
                             info_.timed ? types::Timestamps::capture : types::Timestamps::none,
                             options_.bout,
                             options_.piste,
                             options_.marks};
  const std::string text = session_start(message);
  co_return co_await ask(text, {}, [this] { return started_; });
}

Conversation::Awaitable<Result<base::Done>> Conversation::send_frames() {
  phase_ = Phase::sending;
  if (sent_ == 0) first_sent_ = Clock::now();
  for (;;) {
    const auto room = co_await until([this] { return Clock::now() >= no_room_before_; });
    if (!room) co_return room;
    auto frame = frames_.take();
    const bool again = frame.has_value();
    if (!frame) frame = feed_->try_take();
    if (!frame) {
      const auto more = co_await more_to_send();
      if (!more) co_return more.error();
      if (!*more) break;
      continue;
    }
    if (!again && keepsake_) keepsake_->add(*frame);
    frames_.sent(*frame);
    const std::size_t size = frame->bytes->size();
    const auto admitted = co_await until([this, size] { return window_.admits(size); });
    if (!admitted) co_return admitted;
    note_lateness(*frame);
    if (auto sent = co_await send_frame(*frame, info_.jpeg_quality); !sent) co_return sent;
    if (auto sent = co_await send_touches(*frame); !sent) co_return sent;
  }
  const auto failure = feed_->failure();
  if (!failure) co_return base::Done{};
  if (sent_ == 0) co_return *failure;
  if (!std::exchange(source_failure_told_, true)) {
    view_.line(failure->message + "; what was read until there is judged");
  }
  co_return base::Done{};
}

// Waits until there is a frame to send (true), or there will be none any more. The last answers may ask for a
// frame again, and after session_end none is taken; a server that leaves answers out is not waited for.
Conversation::Awaitable<Result<bool>> Conversation::more_to_send() {
  const auto again = [this] { return frames_.to_send_again() > 0; };
  const auto ready = co_await until([&] { return again() || feed_->ready(); });
  if (!ready) co_return ready.error();
  if (again() || !feed_->finished()) co_return true;
  const auto answered = co_await until(
      [&] { return again() || window_.empty() || Clock::now() - last_message_ > last_answers_limit; });
  if (!answered) co_return answered.error();
  co_return again();
}

Conversation::Awaitable<Result<base::Done>> Conversation::send_frame(const types::EncodedFrame& frame,
                                                                     std::optional<int> quality) {
  const std::string header = frame_header(options_.session_id, frame, quality);
  window_.sent(frame.number, frame.bytes->size(), Clock::now());
  if (frame.number > last_sent_) ++sent_;  // not again
  last_sent_ = std::max(last_sent_, frame.number);
  if (auto sent = co_await send_text(header); !sent) co_return sent;
  if (options_.before_bytes) options_.before_bytes(frame.number);
  co_return co_await send_bytes(*frame.bytes);
}

// Those that are shown by now.
Conversation::Awaitable<Result<base::Done>> Conversation::send_touches(const types::EncodedFrame& frame) {
  if (!frame.timestamp) co_return base::Done{};
  if (!first_time_) first_time_ = *frame.timestamp;
  while (!touches_.empty() && *first_time_ + touches_.front().time <= *frame.timestamp) {
    types::Touch touch = touches_.front();
    touch.time += *first_time_;
    if (auto sent = co_await send_text(touch_message(options_.session_id, touch)); !sent) co_return sent;
    touches_.pop_front();
  }
  co_return base::Done{};
}

Conversation::Awaitable<Result<base::Done>> Conversation::end() {
  phase_ = Phase::ending;
  const FeedStats stats = feed_->stats();
  if (stats.produced == 0) co_return Error{ErrorCode::usage, "there is no picture to send"};
  const std::string text = session_end(options_.session_id, stats.next_number);
  if (auto done = co_await ask(text, {}, [this] { return ended_; }); !done) co_return done;
  report_sent();
  co_return base::Done{};
}

// A camera's log may appear only when the box has written it: it is awaited until it no longer grows.
Conversation::Awaitable<Result<base::Done>> Conversation::signal(bool may_appear_later) {
  asio::steady_timer poll(io_);
  std::optional<std::string> before;
  while (!log_) {
    if (failure_) co_return *failure_;
    auto log = read_signal(options_.signal);
    if (!log && !may_appear_later) co_return log.error();
    if (log && (before == *log || !may_appear_later)) {
      log_ = *log;
      break;
    }
    before.reset();
    if (log) before = *log;
    if (!log && !std::exchange(waiting_told_, true)) {
      view_.line("Waiting for the scoring log " + options_.signal.string());
    }
    poll.expires_after(signal_poll);
    co_await poll.async_wait(awaiting);
  }
  co_return base::Done{};
}

Conversation::Awaitable<Result<base::Done>> Conversation::judge() {
  phase_ = Phase::judging;
  signal_taken_ = false;
  const std::string header =
      signal_header(options_.session_id, options_.signal.filename().string(), log_->size());
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(log_->data()), log_->size());
  const auto taken = co_await ask(header, bytes, [this] { return signal_taken_ || result_; });
  if (!taken && taken.error().code == ErrorCode::refused) {
    co_return Error{ErrorCode::refused, taken.error().message + " (scoring log: " +
                                            base::escaped(options_.signal.string()) + ")"};
  }
  if (!taken) co_return taken;
  co_return co_await until([this] { return result_.has_value(); });
}

// ---- sending and waiting

// Sends a message that the server owes an answer to, again where it has no room for it now.
Conversation::Awaitable<Result<base::Done>> Conversation::ask(const std::string& text,
                                                              std::span<const std::uint8_t> bytes,
                                                              std::function<bool()> taken) {
  std::optional<Clock::time_point> refused_since;
  for (;;) {
    refused_.reset();
    asking_ = true;
    auto done = co_await send_message(text, bytes);
    last_message_ = Clock::now();  // the answer is due from now on
    asked_ = last_message_;
    if (done) done = co_await until([&] { return refused_ || taken(); });
    asking_ = false;
    if (!done || !refused_) co_return done;
    if (!may_ask_again(refused_since)) {
      co_return no_room(*refused_);
    }
    done = co_await until([this] { return Clock::now() >= no_room_before_; });
    if (!done) co_return done;
  }
}

Conversation::Awaitable<Result<base::Done>> Conversation::send_message(const std::string& text,
                                                                       std::span<const std::uint8_t> bytes) {
  auto sent = co_await send_text(text);
  if (sent && !bytes.empty()) sent = co_await send_bytes(bytes);
  co_return sent;
}

Conversation::Awaitable<Result<base::Done>> Conversation::send_text(const std::string& text) {
  if (failure_) co_return *failure_;
  base::log::debug(options_.session_id, "sent " + text);
  writing_ = true;
  const auto sent = co_await socket_->write_text(text);
  writing_ = false;
  if (!sent) co_return co_await why_lost(sent.error());
  co_return base::Done{};
}

// Also after a failure: the header has gone, and a server that is still there would take what comes next for
// these bytes.
Conversation::Awaitable<Result<base::Done>> Conversation::send_bytes(std::span<const std::uint8_t> bytes) {
  writing_ = true;
  const auto sent = co_await socket_->write_binary(bytes);
  writing_ = false;
  if (!sent) co_return co_await why_lost(sent.error());
  co_return base::Done{};
}

Conversation::Awaitable<Result<base::Done>> Conversation::until(std::function<bool()> met) {
  while (!met()) {
    if (failure_) co_return *failure_;
    co_await changed_.async_wait(awaiting);
  }
  co_return base::Done{};
}

// A server that refuses says why and closes; the write fails first, so what it said may still be under way.
Conversation::Awaitable<Error> Conversation::why_lost(Error error) {
  abort_after_grace();
  while (!failure_ && !reading_over_) co_await changed_.async_wait(awaiting);
  co_return failure_ ? *failure_ : lost(error.message);
}

// Without a result the session is of no use any more: its place is another's.
Conversation::Awaitable<void> Conversation::leave() {
  finished_ = true;
  abort_after_grace();
  const bool abandoned = !result_ && (started_ || interrupted_);
  if (abandoned && !reading_over_) {
    const std::string text = session_abort(options_.session_id);
    static_cast<void>(co_await socket_->write_text(text));  // a server that is gone need not be told
  }
  if (!reading_over_) co_await socket_->close();
  co_await disconnect();
}

// ---- Ctrl-C

void Conversation::interrupt() {
  if (info_.camera && feed_ && (phase_ == Phase::starting || phase_ == Phase::sending) && !ended_early_) {
    ended_early_ = true;
    feed_->end_early();
    view_.line("Recording ended; press Ctrl-C again to give the phrase up.");
    return;
  }
  interrupted_ = true;
  failure_.reset();  // of a connection that is being made again
  if (reconnecting_) tick_.cancel();
  fail({ErrorCode::interrupted, "interrupted: the phrase is given up"});
}

}  // namespace piste::client
