// What a Conversation does, message by message: one small function for each.
//
// Answers to a frame or signal whose metadata is refused go out at once; its bytes are then swallowed without
// another answer: exactly one answer per frame.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "protocol/messages.h"
#include "protocol/print.h"
#include "session/admission.h"
#include "session/box_tellers.h"
#include "session/caller.h"
#include "session/channel.h"
#include "session/conversation.h"
#include "session/counters.h"
#include "session/session.h"
#include "types/frame.h"

namespace piste::session {

// Not thread-safe.
class Dialogue {
 public:
  // What all conversations share; outlives it.
  struct Shared {
    const Limits& limits;
    Admission& admission;
    Accounts& accounts;
    Counters& counters;
    BoxTellers& tellers;
  };
  Dialogue(const Shared& shared, Outbox outbox, Caller caller)
      : shared_(shared), caller_(std::move(caller)), channel_(std::make_shared<Channel>(std::move(outbox))) {}

  Next on_text(Text&& text, TimePoint now);
  Next on_bytes(types::Bytes&& bytes, TimePoint now);
  Next on_lost_bytes(TimePoint now);
  Due due() const;
  bool bytes_may_wait() const;
  bool grant(std::size_t bytes);
  void on_ping(TimePoint now);
  // The end of the connection: nothing is sent any more, the session may be resumed over another.
  void hang_up();
  void abandon();  // frees the session, without a word
  // The conversation cannot go on: answers, frees the session, closes.
  Next give_up(protocol::ErrorCode code, std::string text);
  // Of the session that is live now, or empty.
  std::string live_id() const { return live() ? session_->id() : std::string(); }

 private:
  // What may come next, beside a text.
  struct Nothing {};
  struct Swallow {};  // the bytes of what was refused; a text is welcome too
  using Expected = std::variant<Nothing, Swallow, protocol::FrameHeader, protocol::Signal>;

  Next on(protocol::SessionStart start, TimePoint now);
  Next on(protocol::FrameHeader header, TimePoint now);
  Next on(const protocol::SessionEnd& end, TimePoint now);
  Next on(protocol::Signal signal, TimePoint now);
  Next on(const protocol::Touch& touch, TimePoint now);
  Next on(const protocol::SessionAbort& abort, TimePoint now);
  Next on(const protocol::SessionResume& resume, TimePoint now);
  Next on(const protocol::Ping& ping, TimePoint now);
  Next on(const protocol::BoxOpen& open, TimePoint now);
  Next on(const protocol::BoxEvents& told, TimePoint now);
  Next on(const protocol::Defective& message, TimePoint now);

  void take_frame(const protocol::FrameHeader& header, types::Bytes&& bytes);
  void take_signal(const protocol::Signal& signal, const types::Bytes& bytes);
  void end_frames(const protocol::SessionEnd& end, std::string problem, TimePoint now);
  void process_if_ready();

  void refuse_start(const std::string& session_id, const base::Error<AdmissionError>& why, TimePoint now);
  void refuse_frame(std::optional<std::int64_t> number, std::string reason, Refusal why = Refusal::refused);
  // What ends the phrase, session_end or the signal.
  void refuse_phrase(std::string reason, Refusal why = Refusal::refused);

  // The right to handle a message: see attachment.h. Lets go of a session that has ended or goes on over
  // another connection.
  struct Turn {
    std::shared_ptr<Session> session;  // whose mutex it is
    Attachment::Turn lock;
  };
  Turn take_turn();
  // Another connection speaks for what was this one's session: this one is being closed, and what it still
  // says counts for nothing. It could not hear what would come of it.
  bool cut_off() const { return !channel_->attached(); }
  bool live() const { return session_ && session_->alive(); }
  // Whether a message with this id is for the live session; answers NO_ACTIVE_SESSION where it is not.
  bool for_live_session(const std::string& session_id);
  void say_no_session(const std::string& session_id);
  void send_error(std::string session_id, protocol::ErrorCode code, std::string text,
                  std::optional<std::int64_t> frame = {});
  template <class Message>
  void send(const Message& message) {
    if constexpr (std::is_same_v<Message, protocol::Error>) shared_.counters.count(message.code);
    channel_->send(protocol::print(message));
  }
  void free_session();

  const Shared shared_;
  const Caller caller_;
  const std::shared_ptr<Channel> channel_;
  std::shared_ptr<Session> session_;  // may have ended; see live()
  Expected expected_ = Nothing{};
  bool tells_ = false;      // of a piste's box
  Accounts::Held granted_;  // bytes of the message that comes in
};

}  // namespace piste::session
