// What the server answers, and what is shown of it; the course of a phrase is in conversation.cpp.
#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "client/conversation.h"
#include "client/verdict_text.h"
#include "client/wall_clock.h"

namespace piste::client {
namespace {

constexpr double tolerated_lateness = 1.0;  // s
constexpr double measuring_time = 2.0;      // s of sending before the link is judged
constexpr std::int64_t shown_complaints = 5;
constexpr std::int64_t longest_wait = 60;             // s, of frames, whatever a server says
constexpr std::int64_t longest_known_wait = 1 << 20;  // s, so that no time overflows

}  // namespace

// ---- replies

void Conversation::on(const Started& started) {
  started_ = true;
  resume_token_ = started.resume_token;
}

void Conversation::on(const Resumed& resumed) {
  if (resuming_) resumed_ = resumed;
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
  received ? frames_.acknowledged(number) : frames_.rejected(number);
  if (!frame) {
    ++stray_answers_;
    return;
  }
  if (!received) {
    if (feed_) feed_->begin_anew();
    return;
  }
  no_room_since_.reset();
  const auto now = Clock::now();
  acknowledged_.insert(number);
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
  signal_taken_ = true;
  view_.line("The server analyses the phrase.");
}
void Conversation::on(const Complete& complete) {
  result_ = complete.result;
}
void Conversation::on(const PhraseComplete& phrase) {
  if (phrase.number <= phrases_) return;  // told again
  phrases_ = phrase.number;
  view_.line(phrase_line(phrase));
}
void Conversation::on(const PictureLag& lag) {
  view_.line("Server: " + lag.text + ", by the lamps; it is allowed for from now on");
}
void Conversation::on(const Other&) {}

void Conversation::on(const Progress& progress) {
  // While frames are being sent, their line is the one that matters.
  if (phase_ != Phase::judging) return;
  view_.stage(progress.stage, progress.progress, progress.message, Clock::now());
  if (progress.winner.empty()) return;
  char time[48];
  std::snprintf(time, sizeof time, "%.2f s", std::chrono::duration<double>(Clock::now() - asked_).count());
  view_.line("Verdict after " + std::string(time) + ": " + progress.winner);
}

void Conversation::on(const ServerError& error) {
  if (resuming_ && !resumed_) {
    refused_ = error;
    return;
  }
  const std::string text = (error.code.empty() ? "error" : error.code) + ": " + error.text;
  const bool of_frame = error.frame_number || error.code == "FRAME_PROCESSING_FAILED";
  const auto number = error.frame_number ? error.frame_number : window_.oldest();
  if (error.recoverable && of_frame && number && try_later(*number, error)) return;
  if (error.recoverable && of_frame && number) {
    ++errors_;
    answer(*number, false);
    complain(*number, text);
  } else if (error.recoverable && phase_ == Phase::sending) {
    view_.line("Server: " + text);
  } else if (asking_ && error.retry_after && (error.recoverable || phase_ == Phase::starting)) {
    refused_ = error;
  } else {
    fail({ErrorCode::refused, "the server answers: " + text});
  }
}

// A server without room says when to come again. Nothing is sent until then: what waits here waits on our
// disk. Not for ever: when it has taken no frame for as long as a lost connection is waited for, refused is
// refused.
bool Conversation::try_later(std::int64_t number, const ServerError& error) {
  if (!error.retry_after || phase_ != Phase::sending) return false;
  const auto now = Clock::now();
  if (!no_room_since_) {
    no_room_since_ = now;
    view_.line("Server: " + error.text + "; what it did not take is sent again");
  }
  if (now - *no_room_since_ > options_.reconnect_for || !frames_.refused(number)) return false;
  window_.answered(number);
  const auto wait = std::chrono::seconds(std::clamp<std::int64_t>(*error.retry_after, 1, longest_wait));
  no_room_before_ = std::max(no_room_before_, now + wait);
  return true;
}

std::chrono::seconds Conversation::wait_of(const ServerError& refusal) {
  return std::chrono::seconds(
      std::clamp<std::int64_t>(refusal.retry_after.value_or(1), 1, longest_known_wait));
}

Error Conversation::no_room(const ServerError& refusal) {
  return {ErrorCode::no_room, "the server answers: " + refusal.code + ": " + refusal.text};
}

// The same for what ask() asks for. A wait that is known to be too long is not begun.
bool Conversation::may_ask_again(std::optional<Clock::time_point>& since) {
  const auto now = Clock::now();
  const auto wait = wait_of(*refused_);
  if (wait > options_.reconnect_for || now - since.value_or(now) >= options_.reconnect_for) return false;
  if (!since) {
    since = now;
    view_.line("Server: " + refused_->text + "; asking again for up to " +
               std::to_string(options_.reconnect_for.count()) + " s");
  }
  no_room_before_ = now + wait;
  return true;
}

// ---- what is shown

void Conversation::note_lateness(const types::EncodedFrame& frame) {
  if (!info_.camera && !options_.source.realtime) return;
  const double late = wall_clock() - frame.timestamp.value_or(wall_clock());
  const auto now = Clock::now();
  const double measured = std::chrono::duration<double>(now - first_sent_).count();
  if (advice_ || late < tolerated_lateness || measured < measuring_time) return;
  const FeedStats stats = feed_->stats();
  LinkLoad load;
  load.link = 8.0 * byte_rate_.per_second(now);
  if (load.link == 0) load.link = 8.0 * static_cast<double>(acknowledged_bytes_) / measured;
  load.needed = stats.media_time > 0 ? 8.0 * static_cast<double>(stats.bytes) / stats.media_time : 0;
  load.fps = info_.fps;
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
  if (!ended_early_) out.expected = info_.expected_frames;
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
  view_.line(base::plural(sent_, "frame") + " sent, " + std::to_string(acknowledged_.count()) +
             " acknowledged" + times + describe_rate(bits / seconds) + ")");
  const FeedStats stats = feed_->stats();
  const auto count = [&](std::int64_t number, const char* what) {
    if (number > 0) view_.line("  " + std::to_string(number) + " " + what);
  };
  count(duplicates_, "answered as duplicates");
  count(errors_, "refused by the server");
  count(static_cast<std::int64_t>(window_.frames()), "without an answer");
  count(stray_answers_, "answers for frames that did not wait for one");
  count(stats.on_disk, "waited on disk");
  count(stats.dropped,
        "dropped: the link was too slow for the camera, and no more could wait on this computer");
  count(stats.damaged, "damaged in the source and left out");
}

}  // namespace piste::client
