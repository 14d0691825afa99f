#include "client/conversation.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>

#include "base/log.h"
#include "base/text.h"
#include "client/files.h"
#include "client/stream.h"

namespace piste::client {
namespace {

namespace asio = boost::asio;
constexpr auto awaiting = asio::as_tuple(asio::use_awaitable);

constexpr std::chrono::milliseconds tick_interval{100};
constexpr std::chrono::seconds ping_interval{15};  // below the idle limits of usual proxies
constexpr std::chrono::seconds answer_limit{180};  // a server that owes an answer for this long is given up
constexpr std::chrono::seconds last_words_limit{
    2};  // how long a server's reason is awaited after a failed write
constexpr std::chrono::milliseconds signal_poll{250};
constexpr double tolerated_lateness = 1.0;  // s
constexpr double measuring_time = 2.0;      // s of sending before the link is judged
constexpr std::int64_t shown_complaints = 5;

double wall_clock() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string plural(std::int64_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

}  // namespace

Conversation::Conversation(asio::io_context& io, const StreamingOptions& options, ProgressView& view)
    : io_(io),
      options_(options),
      view_(view),
      socket_(io.get_executor()),
      changed_(io, asio::steady_timer::time_point::max()),
      tick_(io),
      ping_(io),
      grace_(io),
      window_(options.window_frames, options.window_bytes) {}

// ---- the course of a phrase

Conversation::Awaitable<Result<std::string>> Conversation::run(FrameSource source) {
  ConnectOptions connection;
  connection.ca = options_.ca;
  const auto connected = co_await socket_.connect(options_.server, connection);
  if (!connected) co_return connected.error();
  if (failure_) co_return *failure_;
  last_message_ = Clock::now();
  spawn(read_replies());
  spawn(keep_alive());
  spawn(watch());
  auto result = co_await converse(std::move(source));
  feed_.reset();
  co_await leave(!result && result.error().code == ErrorCode::interrupted);
  co_return result;
}

Conversation::Awaitable<Result<std::string>> Conversation::converse(FrameSource source) {
  const SourceInfo info = source.info();
  camera_ = info.camera;
  fps_ = info.fps;
  expected_ = info.expected_frames;
  if (auto done = co_await start(info); !done) co_return done.error();
  FeedOptions feed;
  feed.realtime = options_.source.realtime;
  feed_ = std::make_unique<FrameFeed>(std::move(source), feed,
                                      [this] { asio::post(io_, [this] { changed_.cancel(); }); });
  if (auto done = co_await send_frames(info); !done) co_return done.error();
  if (auto done = co_await end(info); !done) co_return done.error();
  auto log = co_await signal(info.camera);
  if (!log) co_return log.error();
  if (auto done = co_await judge(std::move(*log)); !done) co_return done.error();
  co_return *result_;
}

Conversation::Awaitable<Result<base::Done>> Conversation::start(const SourceInfo& info) {
  const StartMessage message{
      options_.session_id,       info.fps, info.width, info.height, info.expected_frames, options_.weapon,
      options_.include_keypoints};
  const std::string text = session_start(message);
  if (auto sent = co_await send_text(text); !sent) co_return sent;
  co_return co_await until([this] { return started_; });
}

Conversation::Awaitable<Result<base::Done>> Conversation::send_frames(const SourceInfo& info) {
  phase_ = Phase::sending;
  first_sent_ = Clock::now();
  for (;;) {
    auto frame = feed_->try_take();
    if (!frame) {
      if (feed_->finished()) break;
      const auto changed = co_await until([this] { return feed_->ready(); });
      if (!changed) co_return changed;
      continue;
    }
    const std::size_t size = frame->bytes->size();
    const auto room = co_await until([this, size] { return window_.admits(size); });
    if (!room) co_return room;
    note_lateness(*frame);
    if (auto sent = co_await send_frame(*frame, info.jpeg_quality); !sent) co_return sent;
  }
  const auto failure = feed_->failure();
  if (!failure) co_return base::Done{};
  if (sent_ == 0) co_return *failure;
  view_.line(failure->message + "; what was read until there is judged");
  co_return base::Done{};
}

Conversation::Awaitable<Result<base::Done>> Conversation::send_frame(const types::EncodedFrame& frame,
                                                                     std::optional<int> quality) {
  const std::string header = frame_header(options_.session_id, frame, quality);
  window_.sent(frame.number, frame.bytes->size(), Clock::now());
  ++sent_;
  if (auto sent = co_await send_text(header); !sent) co_return sent;
  co_return co_await send_bytes(*frame.bytes);
}

Conversation::Awaitable<Result<base::Done>> Conversation::end(const SourceInfo&) {
  phase_ = Phase::ending;
  const FeedStats stats = feed_->stats();
  if (stats.produced == 0) co_return Error{ErrorCode::usage, "there is no picture to send"};
  const std::string text = session_end(options_.session_id, stats.next_number);
  if (auto sent = co_await send_text(text); !sent) co_return sent;
  if (auto done = co_await until([this] { return ended_; }); !done) co_return done;
  report_sent();
  co_return base::Done{};
}

// A camera's log may appear only when the box has written it: it is awaited until it no longer grows.
Conversation::Awaitable<Result<std::string>> Conversation::signal(bool may_appear_later) {
  if (!may_appear_later) co_return read_signal(options_.signal);
  asio::steady_timer poll(io_);
  std::optional<std::string> before;
  for (bool said = false;;) {
    if (failure_) co_return *failure_;
    auto log = read_signal(options_.signal);
    if (log && before == *log) co_return log;
    before.reset();
    if (log) before = *log;
    if (!log && !said) view_.line("Waiting for the scoring log " + options_.signal.string());
    said = true;
    poll.expires_after(signal_poll);
    co_await poll.async_wait(awaiting);
  }
}

Conversation::Awaitable<Result<base::Done>> Conversation::judge(std::string log) {
  phase_ = Phase::judging;
  last_message_ = Clock::now();
  const std::string header =
      signal_header(options_.session_id, options_.signal.filename().string(), log.size());
  if (auto sent = co_await send_text(header); !sent) co_return sent;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(log.data());
  if (auto sent = co_await send_bytes({bytes, log.size()}); !sent) co_return sent;
  signal_sent_ = Clock::now();
  co_return co_await until([this] { return result_.has_value(); });
}

// ---- sending and waiting

Conversation::Awaitable<Result<base::Done>> Conversation::send_text(const std::string& text) {
  if (failure_) co_return *failure_;
  base::log::debug(options_.session_id, "sent " + text);
  writing_ = true;
  const auto sent = co_await socket_.write_text(text);
  writing_ = false;
  if (!sent) co_return co_await why_lost(sent.error());
  co_return base::Done{};
}

Conversation::Awaitable<Result<base::Done>> Conversation::send_bytes(std::span<const std::uint8_t> bytes) {
  if (failure_) co_return *failure_;
  writing_ = true;
  const auto sent = co_await socket_.write_binary(bytes);
  writing_ = false;
  if (!sent) co_return co_await why_lost(sent.error());
  co_return base::Done{};
}

template <class Condition>
Conversation::Awaitable<Result<base::Done>> Conversation::until(Condition met) {
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

Conversation::Awaitable<void> Conversation::leave(bool aborted) {
  finished_ = true;
  abort_after_grace();
  if (aborted && !reading_over_) {
    const std::string text = session_abort(options_.session_id);
    co_await socket_.write_text(text);
  }
  if (!reading_over_) co_await socket_.close();
  socket_.abort();
  grace_.cancel();
  tick_.cancel();
  ping_.cancel();
  while (children_ > 0) co_await changed_.async_wait(awaiting);
}

// ---- beside the course: replies, pings, the watch

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
    auto text = co_await socket_.read();
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
    const auto sent = co_await socket_.ping();
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
    const bool owes =
        phase_ == Phase::sending ? !window_.empty() : !(camera_ && ended_ && phase_ == Phase::ending);
    if (!owes || writing_) {
      if (!owes) last_message_ = now;
    } else if (now - last_message_ > answer_limit) {
      fail(lost("the server has not answered for " + std::to_string(answer_limit.count()) + " s"));
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
    if (!stopped) socket_.abort();
  });
}

Error Conversation::lost(const std::string& why) const {
  std::string text = "connection lost: " + why;
  if (started_) {
    text += "; " + plural(sent_, "frame") + " sent, " + std::to_string(acknowledged_.count()) +
            " acknowledged (" + acknowledged_.text() + ")";
  }
  return {ErrorCode::connection, text};
}

void Conversation::interrupt() {
  if (camera_ && feed_ && phase_ == Phase::sending && !ended_early_) {
    ended_early_ = true;
    feed_->end_early();
    view_.line("Recording ended; press Ctrl-C again to give the phrase up.");
    return;
  }
  fail({ErrorCode::interrupted, "interrupted: the phrase is given up"});
}

// ---- replies

void Conversation::on(const Started&) {
  started_ = true;
}

void Conversation::on(const FrameAck& ack) {
  answer(ack.number, ack.status != AckStatus::error);
  if (ack.status == AckStatus::duplicate) ++duplicates_;
  if (ack.status == AckStatus::error) {
    ++errors_;
    complain(ack.number, ack.note.empty() ? "not accepted" : ack.note);
  } else if (!ack.note.empty()) {
    complain(ack.number, ack.note);
  }
}

void Conversation::answer(std::int64_t number, bool received) {
  const auto frame = window_.answered(number);
  if (!frame) {
    ++stray_answers_;
    return;
  }
  if (!received) return;
  const auto now = Clock::now();
  acknowledged_.add(number);
  acknowledged_bytes_ += frame->bytes;
  frame_rate_.add(1, now);
  byte_rate_.add(frame->bytes, now);
}

void Conversation::complain(std::int64_t number, const std::string& text) {
  if (complaints_++ < shown_complaints) view_.line("frame " + std::to_string(number) + ": " + text);
}

void Conversation::on(const Ended& ended) {
  ended_ = true;
  for (const std::string& issue : ended.issues) view_.line("Server: " + issue);
  if (!ended.valid && ended.issues.empty()) view_.line("Server: the frames are not complete");
}

void Conversation::on(const SignalAck&) {
  signal_taken_ = true;
}
void Conversation::on(const ProcessStart&) {
  view_.line("The server analyses the phrase.");
}
void Conversation::on(const Complete& complete) {
  result_ = complete.result;
}
void Conversation::on(const Other&) {}

void Conversation::on(const Progress& progress) {
  // While frames are being sent, their line is the one that matters.
  if (phase_ != Phase::judging) return;
  view_.stage(progress.stage, progress.progress, progress.message, Clock::now());
  if (progress.winner.empty()) return;
  char time[48];
  std::snprintf(time, sizeof time, "%.2f s",
                std::chrono::duration<double>(Clock::now() - signal_sent_).count());
  view_.line("Verdict after " + std::string(time) + ": " + progress.winner);
}

void Conversation::on(const ServerError& error) {
  const std::string text = (error.code.empty() ? "error" : error.code) + ": " + error.text;
  const bool of_frame = error.frame_number || error.code == "FRAME_PROCESSING_FAILED";
  const auto number = error.frame_number ? error.frame_number : window_.oldest();
  if (error.recoverable && of_frame && number) {
    ++errors_;
    answer(*number, false);
    complain(*number, text);
  } else if (error.recoverable && phase_ == Phase::sending) {
    view_.line("Server: " + text);
  } else {
    fail({ErrorCode::refused, "the server answers: " + text});
  }
}

// ---- what is shown

void Conversation::note_lateness(const types::EncodedFrame& frame) {
  if (!camera_ && !options_.source.realtime) return;
  const double late = wall_clock() - frame.timestamp.value_or(wall_clock());
  const auto now = Clock::now();
  const double measured = std::chrono::duration<double>(now - first_sent_).count();
  if (advice_ || late < tolerated_lateness || measured < measuring_time) return;
  const FeedStats stats = feed_->stats();
  LinkLoad load;
  load.link = 8.0 * byte_rate_.per_second(now);
  if (load.link == 0) load.link = 8.0 * static_cast<double>(acknowledged_bytes_) / measured;
  load.needed = stats.media_time > 0 ? 8.0 * static_cast<double>(stats.bytes) / stats.media_time : 0;
  load.fps = fps_;
  load.late = late;
  load.waiting = stats.waiting;
  // Encoding a few samples takes too long for this thread.
  advice_ = std::async(std::launch::async, [frame, load] { return advise(frame, load); });
}

void Conversation::show_advice_when_ready(bool wait) {
  if (!advice_ || !advice_->valid()) return;
  if (!wait && advice_->wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
  view_.line(advice_->get());
}

SendStatus Conversation::status(Clock::time_point now) {
  SendStatus out;
  out.sent = sent_;
  out.acknowledged = acknowledged_.count();
  if (!ended_early_) out.expected = expected_;
  out.duplicates = duplicates_;
  out.errors = errors_;
  out.dropped = feed_ ? feed_->stats().dropped : 0;
  out.in_flight = window_.frames();
  out.frames_per_second = frame_rate_.per_second(now);
  out.bits_per_second = 8.0 * byte_rate_.per_second(now);
  return out;
}

void Conversation::report_sent() {
  show_advice_when_ready(true);
  const double seconds = std::chrono::duration<double>(Clock::now() - first_sent_).count();
  const double bits = 8.0 * static_cast<double>(acknowledged_bytes_);
  char times[96];
  std::snprintf(times, sizeof times, " in %.1f s (%.1f fps, ", seconds, static_cast<double>(sent_) / seconds);
  view_.line(plural(sent_, "frame") + " sent, " + std::to_string(acknowledged_.count()) + " acknowledged" +
             times + describe_rate(bits / seconds) + ")");
  const FeedStats stats = feed_->stats();
  const auto count = [&](std::int64_t number, const char* what) {
    if (number > 0) view_.line("  " + std::to_string(number) + " " + what);
  };
  count(duplicates_, "answered as duplicates");
  count(errors_, "refused by the server");
  count(static_cast<std::int64_t>(window_.frames()), "without an answer");
  count(stray_answers_, "answers for frames that did not wait for one");
  count(stats.dropped, "dropped, for the link was too slow for the camera");
  count(stats.damaged, "damaged in the source and left out");
}

}  // namespace piste::client
