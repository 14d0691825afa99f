// One phrase over one WebSocket, as the guide draws it: start, frames in a window, end, signal, verdict.
// Replies are read, frames are sent and pings go out at the same time. All on the io_context's one thread.
//
// When the connection is lost, or there is none yet, it is made again and the session begun or, where the
// server can, resumed: what was not acknowledged is sent again, and all of it where the server that answers
// knows nothing of the session. So is what the server refuses for now, when it says. Only when that fails is
// the phrase given up. A camera records from the first moment on.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "base/interval_set.h"
#include "client/frame_feed.h"
#include "client/keepsake.h"
#include "client/link_advice.h"
#include "client/messages.h"
#include "client/options.h"
#include "client/progress_view.h"
#include "client/rate.h"
#include "client/sent_frames.h"
#include "client/websocket.h"
#include "client/window.h"

namespace piste::client {

class Conversation {
 public:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;

  // options.session_id is not empty. All three must outlive the conversation.
  // touches: of a bout's video.
  Conversation(boost::asio::io_context& io, const StreamingOptions& options, ProgressView& view,
               std::deque<types::Touch> touches = {});

  // From the connection to the result JSON. Once only.
  Awaitable<Result<std::string>> run(FrameSource source);
  // StreamingClient::interrupt(), on the io_context's thread.
  void interrupt();

 private:
  enum class Phase { starting, sending, ending, judging };
  using Clock = std::chrono::steady_clock;

  void record(FrameSource source);
  Awaitable<Result<std::string>> converse();
  Awaitable<Result<base::Done>> start();
  Awaitable<Result<base::Done>> deliver();
  Awaitable<Result<base::Done>> send_frames();
  Awaitable<Result<bool>> more_to_send();
  Awaitable<Result<base::Done>> send_frame(const types::EncodedFrame& frame, std::optional<int> quality);
  Awaitable<Result<base::Done>> send_touches(const types::EncodedFrame& frame);
  Awaitable<Result<base::Done>> end();
  Awaitable<Result<base::Done>> signal(bool may_appear_later);
  Awaitable<Result<base::Done>> judge();

  // conversation_link.cpp
  Awaitable<Result<base::Done>> connect();
  Awaitable<void> disconnect();
  bool may_go_on(const Error& error) const;
  bool begun() const { return started_ || new_starts_ > 0; }
  Awaitable<Result<base::Done>> reconnect(Error reason);
  Awaitable<Result<base::Done>> go_on();
  Awaitable<Result<base::Done>> resume();
  Awaitable<Result<base::Done>> not_resumed(ServerError refusal);
  Awaitable<Result<base::Done>> start_anew();
  void take_up(const Resumed& resumed);
  void say_back(const std::string& time, bool resuming);
  Awaitable<Error> give_up(Error error);
  Awaitable<void> keep_the_rest();

  Awaitable<Result<base::Done>> ask(const std::string& text, std::span<const std::uint8_t> bytes,
                                    std::function<bool()> taken);
  Awaitable<Result<base::Done>> send_message(const std::string& text, std::span<const std::uint8_t> bytes);
  Awaitable<Result<base::Done>> send_text(const std::string& text);
  Awaitable<Result<base::Done>> send_bytes(std::span<const std::uint8_t> bytes);
  Awaitable<Result<base::Done>> until(std::function<bool()> met);
  Awaitable<Error> why_lost(Error error);
  Awaitable<void> leave();

  Awaitable<void> read_replies();
  Awaitable<void> keep_alive();
  Awaitable<void> watch();
  void spawn(Awaitable<void> child);
  void fail(Error error);
  void abort_after_grace();
  Error lost(const std::string& why) const;

  void on(const Started& started);
  void on(const Resumed& resumed);
  void on(const FrameAck& ack);
  void on(const Ended& ended);
  void on(const SignalAck&);
  void on(const ProcessStart&);
  void on(const Progress& progress);
  void on(const Complete& complete);
  void on(const PhraseComplete& phrase);
  void on(const ServerError& error);
  void on(const PictureLag& lag);
  void on(const Other& other);
  void answer(std::int64_t number, bool received);
  bool try_later(std::int64_t number, const ServerError& error);
  static std::chrono::seconds wait_of(const ServerError& refusal);
  static Error no_room(const ServerError& refusal);
  bool may_ask_again(std::optional<Clock::time_point>& since);
  void complain(std::int64_t number, const std::string& text);

  void note_lateness(const types::EncodedFrame& frame);
  void show_advice_when_ready(bool wait);
  SendStatus status(Clock::time_point now);
  void report_sent();

  boost::asio::io_context& io_;
  const StreamingOptions& options_;
  ProgressView& view_;
  std::unique_ptr<WebSocket> socket_;  // of the connection that there is
  boost::asio::steady_timer changed_;  // cancelled whenever something that until() may wait for has changed
  boost::asio::steady_timer tick_;
  boost::asio::steady_timer ping_;
  boost::asio::steady_timer grace_;  // for a write that may hang
  int children_ = 0;

  Phase phase_ = Phase::starting;
  bool writing_ = false;
  bool finished_ = false;  // what comes now no longer matters
  bool reading_over_ = true;
  std::optional<Error> failure_;
  bool started_ = false;
  bool ended_ = false;
  bool signal_taken_ = false;  // or the analysis runs already
  std::optional<std::string> result_;
  std::optional<std::string> log_;      // the scoring log, once it is there
  std::string resume_token_;            // empty: the server cannot resume
  std::optional<Resumed> resumed_;      // the answer to the last session_resume
  std::optional<ServerError> refused_;  // the answer to session_resume, or to what ask() may ask again
  bool resuming_ = false;
  bool asking_ = false;
  bool reconnecting_ = false;
  bool interrupted_ = false;
  bool source_failure_told_ = false;
  bool waiting_told_ = false;
  Clock::time_point last_message_;

  std::unique_ptr<FrameFeed> feed_;
  SourceInfo info_;  // of feed_
  bool ended_early_ = false;
  std::deque<types::Touch> touches_;  // of a bout's video, still to be told; s since its first picture
  std::optional<double> first_time_;  // the timestamp of that one
  int phrases_ = 0;                   // of the bout, heard of
  Window window_;
  SentFrames frames_;
  int new_starts_ = 0;                // of a session that no server knew any more
  Clock::time_point no_room_before_;  // the server's word: nothing is sent until then
  std::optional<Clock::time_point> no_room_since_;
  std::optional<Keepsake> keepsake_;  // of a camera
  base::IntervalSet acknowledged_;
  std::int64_t sent_ = 0;
  std::int64_t last_sent_ = -1;
  std::int64_t duplicates_ = 0;
  std::int64_t errors_ = 0;
  std::int64_t stray_answers_ = 0;
  std::int64_t complaints_ = 0;
  std::uint64_t acknowledged_bytes_ = 0;
  Rate frame_rate_;
  Rate byte_rate_;
  Clock::time_point first_sent_;
  Clock::time_point asked_;      // when ask() has sent its message
  Clock::time_point lost_at_;    // the connection, the last time
  Clock::time_point come_back_;  // the server's word: no connection is made until then
  std::optional<std::future<std::string>> advice_;
};

}  // namespace piste::client
