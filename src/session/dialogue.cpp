#include "session/dialogue.h"

#include <utility>

#include "base/log.h"
#include "base/steady.h"

namespace piste::session {

using protocol::Defective;
using protocol::ErrorCode;

namespace {

constexpr int service_restart = 1012;   // of RFC 6455's registry: connect again
constexpr std::int64_t room_wait = 10;  // seconds, until somebody may have made room on the disk

}  // namespace

// recoverable: a session is live on this connection and goes on.
void Dialogue::send_error(std::string session_id, ErrorCode code, std::string text,
                          std::optional<std::int64_t> frame) {
  send(protocol::Error{std::move(session_id), code, std::move(text), live(), frame});
}

Next Dialogue::give_up(ErrorCode code, std::string text) {
  const std::string id = live_id();
  base::log::warning(id, text);
  free_session();
  send_error(id, code, std::move(text));
  return Next::close;
}

void Dialogue::abandon() {
  const Turn turn = take_turn();
  free_session();
}

void Dialogue::free_session() {
  if (session_) session_->leave();
  session_.reset();
}

void Dialogue::say_no_session(const std::string& session_id) {
  const std::string text = live() ? "This connection's session is another one: " + session_->id()
                                  : "No active session; send session_start first";
  send_error(session_id, ErrorCode::no_active_session, text);
}

bool Dialogue::for_live_session(const std::string& session_id) {
  if (live() && (session_id.empty() || session_id == session_->id())) return true;
  say_no_session(session_id);
  return false;
}

Dialogue::Turn Dialogue::take_turn() {
  if (cut_off()) session_.reset();  // without waiting for what the other connection has begun
  if (!session_) return {};
  Turn turn{session_, session_->attachment().turn(*channel_)};
  if (!turn.lock) session_.reset();
  return turn;
}

Next Dialogue::on_text(Text&& text, TimePoint now) {
  if (!live()) session_.reset();
  const Turn turn = take_turn();
  if (cut_off()) return Next::keep_open;
  if (session_) session_->touch(now);
  if (due() == Due::kept) {
    return give_up(ErrorCode::protocol_error, "A text came where the bytes of a frame or signal were due");
  }
  auto& message = text.message_;
  if (!message) {
    const bool malformed = message.error().code == protocol::ParseError::not_json;
    return give_up(malformed ? ErrorCode::invalid_message : ErrorCode::protocol_error,
                   message.error().message);
  }
  expected_ = Nothing{};
  return std::visit([&](auto& known) { return on(std::move(known), now); }, *message);
}

Next Dialogue::on_bytes(types::Bytes&& bytes, TimePoint now) {
  const Turn turn = take_turn();
  if (cut_off()) return Next::keep_open;
  if (session_) session_->touch(now);
  const Expected due = std::exchange(expected_, Nothing{});
  if (std::holds_alternative<Nothing>(due)) {
    return give_up(ErrorCode::protocol_error,
                   "Bytes came without the metadata of a frame or signal before them");
  }
  if (const auto* header = std::get_if<protocol::FrameHeader>(&due))
    take_frame(*header, std::move(bytes));
  else if (const auto* signal = std::get_if<protocol::Signal>(&due))
    take_signal(*signal, bytes);
  return Next::keep_open;
}

Next Dialogue::on_lost_bytes(TimePoint now) {
  const Turn turn = take_turn();
  if (cut_off()) return Next::keep_open;
  if (session_) session_->touch(now);
  const Expected due = std::exchange(expected_, Nothing{});
  const std::string why = "the server's memory for messages is full; send it again";
  if (const auto* header = std::get_if<protocol::FrameHeader>(&due)) {
    const std::string text = "Cannot take frame " + std::to_string(header->number) + ": " + why;
    if (live()) session_->intake().refused(text);
    refuse_frame(header->number, text, Refusal::no_room);
  } else if (std::holds_alternative<protocol::Signal>(due)) {
    refuse_phrase("Cannot take the scoring log: " + why, Refusal::no_room);
  }
  return Next::keep_open;
}

Due Dialogue::due() const {
  if (std::holds_alternative<Nothing>(expected_)) return Due::nothing;
  return std::holds_alternative<Swallow>(expected_) ? Due::discarded : Due::kept;
}

// A frame goes to the page cache, which costs less than to go to another thread; the others may meet those
// who bring the folder to the disk.
bool Dialogue::bytes_may_wait() const {
  const bool frame = std::holds_alternative<protocol::FrameHeader>(expected_);
  return frame ? shared_.limits.fsync == Fsync::frame : std::holds_alternative<protocol::Signal>(expected_);
}

bool Dialogue::grant(std::size_t bytes) {
  if (bytes == 0) {
    granted_.give_back();
    return true;
  }
  if (granted_) return shared_.accounts.resize(granted_, caller_, bytes);
  return !shared_.accounts.take(granted_, caller_, Holding::message_bytes, bytes);
}

void Dialogue::refuse_start(const std::string& session_id, const base::Error<AdmissionError>& why,
                            TimePoint now) {
  base::log::warning(session_id, "session not started: " + why.message);
  protocol::Error error{session_id, ErrorCode::session_start_failed, why.message, live(), {}};
  if (const auto wait = shared_.admission.retry_after(why.code, caller_, now))
    error.retry_after = wait->count();
  shared_.counters.sessions_refused.add();
  send(error);
}

Next Dialogue::on(protocol::SessionStart start, TimePoint now) {
  if (live()) {
    refuse_start(start.session_id,
                 {AdmissionError::unsuitable, "This connection has a session already: " + session_->id()},
                 now);
    return Next::keep_open;
  }
  auto admitted = shared_.admission.admit(caller_, start, channel_, now);
  if (!admitted) {
    refuse_start(start.session_id, admitted.error(), now);
    return Next::keep_open;
  }
  session_ = std::move(admitted->session);
  send(protocol::SessionStarted{session_->id(), std::move(admitted->resume_token)});
  return Next::keep_open;
}

Next Dialogue::on(const protocol::SessionResume& wanted, TimePoint now) {
  using Refused = base::Error<AdmissionError>;
  auto resumed =
      live() ? Refused{AdmissionError::unsuitable, "This connection has a session already: " + session_->id()}
             : shared_.admission.resume(caller_, wanted, channel_, now);
  if (resumed) {
    session_ = std::move(*resumed);
    return Next::keep_open;
  }
  base::log::warning(wanted.session_id, "session not resumed: " + resumed.error().message);
  protocol::Error error{
      wanted.session_id, ErrorCode::session_resume_failed, resumed.error().message, live(), {}};
  if (const auto wait = shared_.admission.retry_after(resumed.error().code, caller_, now))
    error.retry_after = wait->count();
  send(error);
  // Over this one it would ask the wrong node again.
  if (resumed.error().code == AdmissionError::elsewhere)
    channel_->close(service_restart, "Another node has the session");
  return Next::keep_open;
}

void Dialogue::refuse_frame(std::optional<std::int64_t> number, std::string reason, Refusal why) {
  const bool goes_on = live() && why != Refusal::failed;
  protocol::Error error{live_id(), ErrorCode::frame_processing_failed, std::move(reason), goes_on, number};
  if (why == Refusal::no_room) error.retry_after = room_wait;
  send(error);
}

Next Dialogue::on(protocol::FrameHeader header, TimePoint) {
  expected_ = Swallow{};
  if (!live()) {
    say_no_session(header.session_id);
    return Next::keep_open;
  }
  std::optional<std::string> problem = session_->objection(header);
  if (!header.session_id.empty() && header.session_id != session_->id()) {
    problem = "Frame " + std::to_string(header.number) + " names another session than this connection's";
  }
  if (problem) {
    session_->intake().refused(*problem);
    refuse_frame(header.number, std::move(*problem));
  } else {
    expected_ = std::move(header);
  }
  return Next::keep_open;
}

void Dialogue::take_frame(const protocol::FrameHeader& header, types::Bytes&& bytes) {
  auto taken = session_->take(header, std::move(bytes));
  if (taken) {
    send(protocol::FrameAck{session_->id(), header.number, *taken});
  } else if (taken.error().code == Refusal::gone) {
    say_no_session(header.session_id);
  } else {
    refuse_frame(header.number, taken.error().message, taken.error().code);
  }
}

Next Dialogue::on(const protocol::SessionEnd& end, TimePoint now) {
  end_frames(end, {}, now);
  return Next::keep_open;
}

void Dialogue::end_frames(const protocol::SessionEnd& end, std::string problem, TimePoint now) {
  if (!for_live_session(end.session_id)) return;
  auto validation = session_->end(end.total_frames, std::move(problem), now);
  if (!validation && validation.error().code == Refusal::gone) return say_no_session(end.session_id);
  if (!validation) return refuse_phrase(validation.error().message, validation.error().code);
  send(protocol::SessionEnded{session_->id(), std::move(*validation)});
  process_if_ready();
}

void Dialogue::refuse_phrase(std::string reason, Refusal why) {
  const bool goes_on = live() && why != Refusal::failed;
  protocol::Error error{live_id(), ErrorCode::processing_failed, std::move(reason), goes_on, {}};
  if (why == Refusal::no_room) error.retry_after = room_wait;
  send(error);
}

Next Dialogue::on(protocol::Signal signal, TimePoint) {
  expected_ = Swallow{};
  if (!for_live_session(signal.session_id)) return Next::keep_open;
  const auto most = static_cast<std::int64_t>(shared_.limits.max_signal_bytes);
  if (signal.size && *signal.size > most) {
    refuse_phrase("A scoring log may have " + std::to_string(most) + " bytes; you may send another");
  } else {
    expected_ = std::move(signal);
  }
  return Next::keep_open;
}

void Dialogue::take_signal(const protocol::Signal& signal, const types::Bytes& bytes) {
  if (signal.size && static_cast<std::size_t>(*signal.size) != bytes.size()) {
    base::log::warning(live_id(), "Signal size mismatch: announced " + std::to_string(*signal.size) +
                                      " bytes, has " + std::to_string(bytes.size()));
  }
  auto taken = session_->take_signal(std::string(bytes.begin(), bytes.end()));
  if (taken) {
    send(protocol::SignalAck{session_->id()});
    process_if_ready();
  } else if (taken.error().code == Refusal::gone) {
    say_no_session(signal.session_id);
  } else {
    const bool again = taken.error().code != Refusal::failed;
    refuse_phrase(taken.error().message + (again ? "; you may send another" : ""), taken.error().code);
  }
}

Next Dialogue::on(const protocol::Touch& touch, TimePoint) {
  if (!for_live_session(touch.session_id)) return Next::keep_open;
  const auto taken = session_->bout().take(touch, session_->stage());
  if (taken)
    send(protocol::TouchAck{session_->id(), touch.side});
  else if (taken.error().code == Refusal::gone)
    say_no_session(touch.session_id);
  else
    send_error(live_id(), ErrorCode::touch_refused, taken.error().message);
  return Next::keep_open;
}

void Dialogue::process_if_ready() {
  if (!session_->ready()) return;
  if (session_->intake().stats().frames_received == 0) {
    const std::string id = session_->id();
    free_session();
    send_error(id, ErrorCode::processing_failed, "No frame was received, so there is nothing to analyse");
    return;
  }
  send(protocol::ProcessStart{session_->id()});
  session_->process();
}

Next Dialogue::on(const protocol::SessionAbort& abort, TimePoint) {
  const bool this_one = session_ && (abort.session_id.empty() || abort.session_id == session_->id());
  // Whoever ends it says so: the result may have been faster.
  if (this_one && session_->leave())
    send(protocol::SessionAborted{session_->id()});
  else
    say_no_session(abort.session_id);
  return Next::keep_open;
}

Next Dialogue::on(const protocol::Ping& ping, TimePoint now) {
  protocol::Pong pong{live_id(), ping.id, ping.timestamp};
  if (ping.client_time) {
    pong.clocks = {*ping.client_time, base::steady_seconds(now), base::steady_seconds()};
  }
  send(pong);
  return Next::keep_open;
}

// What hears a box needs no session: the pistes are the service's.
Next Dialogue::on(const protocol::BoxOpen& open, TimePoint now) {
  const auto next = shared_.tellers.open(open, caller_.owner, channel_.get(), now);
  tells_ = tells_ || next.ok();
  if (next)
    send(protocol::BoxOpened{open.piste, *next});
  else
    send_error({}, ErrorCode::box_refused, next.error().message);
  return Next::keep_open;
}

Next Dialogue::on(const protocol::BoxEvents& told, TimePoint now) {
  const auto next = shared_.tellers.tell(told, channel_.get(), now);
  if (next)
    send(protocol::BoxAck{told.piste, *next});
  else
    send_error({}, ErrorCode::box_refused, next.error().message);
  return Next::keep_open;
}

Next Dialogue::on(const Defective& message, TimePoint now) {
  switch (message.type) {
    case Defective::Type::session_start:
      refuse_start(message.session_id, {AdmissionError::unsuitable, message.problem}, now);
      break;
    case Defective::Type::frame:
      expected_ = Swallow{};
      if (!live()) {
        say_no_session(message.session_id);
      } else {
        session_->intake().refused(message.problem);
        refuse_frame(message.frame_number, message.problem);
      }
      break;
    case Defective::Type::signal:
      expected_ = Swallow{};
      if (for_live_session(message.session_id)) refuse_phrase(message.problem + "; you may send another");
      break;
    case Defective::Type::touch:
      if (for_live_session(message.session_id))
        send_error(live_id(), ErrorCode::touch_refused, message.problem);
      break;
    case Defective::Type::session_end:
      end_frames({message.session_id, {}}, message.problem, now);
      break;
    case Defective::Type::session_resume:
      send_error(message.session_id, ErrorCode::session_resume_failed, message.problem);
      break;
    case Defective::Type::box:
      send_error({}, ErrorCode::box_refused, message.problem);
      break;
    case Defective::Type::session_abort:
      say_no_session(message.session_id);
      break;
  }
  return Next::keep_open;
}

void Dialogue::on_ping(TimePoint now) {
  if (session_ && !cut_off()) session_->touch(now);
}

void Dialogue::hang_up() {
  channel_->detach();
  if (std::exchange(tells_, false)) shared_.tellers.close(channel_.get(), std::chrono::steady_clock::now());
  const auto session = std::exchange(session_, nullptr);
  if (session && session->lose(*channel_)) shared_.admission.trim_detached();
}

}  // namespace piste::session
