#include "session/conversation.h"

#include <exception>
#include <utility>

#include "base/log.h"
#include "session/dialogue.h"

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

Conversation::Conversation(Registry& registry, Outbox outbox, Caller caller)
    : dialogue_(std::make_unique<Dialogue>(*registry.state_, std::move(outbox), std::move(caller))) {}

Conversation::~Conversation() {
  dialogue_->hang_up();
}

Next Conversation::on_text(std::string_view text, TimePoint now) {
  return guarded(*dialogue_, [&] { return dialogue_->on_text(text, now); });
}

Next Conversation::on_binary(types::Bytes&& bytes, TimePoint now) {
  return guarded(*dialogue_, [&] { return dialogue_->on_bytes(std::move(bytes), now); });
}

Due Conversation::due() const {
  return dialogue_->due();
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
