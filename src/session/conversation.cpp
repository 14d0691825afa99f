#include "session/conversation.h"

#include <exception>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/log.h"
#include "session/dialogue.h"
#include "session/registry_parts.h"

namespace piste::session {
namespace {

// Runs a handler; the unexpected ends this conversation, not the server, and tells the client nothing of its
// cause.
template <class Handler>
Next guarded(Dialogue& dialogue, Handler handler) {
  try {
    return handler();
  } catch (const std::exception& failure) {
    base::log::error(dialogue.live_id(), std::string("internal error: ") + failure.what());
    return dialogue.give_up(protocol::ErrorCode::internal_error, "Internal server error");
  }
}

}  // namespace

bool Text::may_wait() const {
  if (!message_) return false;
  return std::visit(
      [](const auto& message) {
        using Message = std::decay_t<decltype(message)>;
        using protocol::Defective;
        if constexpr (std::is_same_v<Message, Defective>) return message.type == Defective::Type::session_end;
        return std::is_same_v<Message, protocol::SessionStart> ||
               std::is_same_v<Message, protocol::SessionResume> ||
               std::is_same_v<Message, protocol::SessionEnd>;
      },
      *message_);
}

Conversation::Conversation(Registry& registry, Outbox outbox, Caller caller)
    : dialogue_(std::make_unique<Dialogue>(
          Dialogue::Shared{registry.parts_->limits, registry.parts_->admission, registry.parts_->accounts,
                           registry.parts_->counters, registry.parts_->tellers},
          std::move(outbox), std::move(caller))) {}

Conversation::~Conversation() {
  dialogue_->hang_up();
}

Next Conversation::on_text(Text&& text, TimePoint now) {
  return guarded(*dialogue_, [&] { return dialogue_->on_text(std::move(text), now); });
}

Next Conversation::on_binary(types::Bytes&& bytes, TimePoint now) {
  return guarded(*dialogue_, [&] { return dialogue_->on_bytes(std::move(bytes), now); });
}

Due Conversation::due() const {
  return dialogue_->due();
}

bool Conversation::bytes_may_wait() const {
  return dialogue_->bytes_may_wait();
}

bool Conversation::grant(std::size_t bytes) {
  return dialogue_->grant(bytes);
}

Next Conversation::on_lost_bytes(TimePoint now) {
  return guarded(*dialogue_, [&] { return dialogue_->on_lost_bytes(now); });
}

void Conversation::on_ping(TimePoint now) {
  dialogue_->on_ping(now);
}

void Conversation::abandon() {
  dialogue_->abandon();
}

void Conversation::on_close(TimePoint) {
  dialogue_->hang_up();
}

std::string Conversation::session_id() const {
  return dialogue_->live_id();
}

}  // namespace piste::session
