#include "session/attachment.h"

namespace piste::session {
namespace {

constexpr int taken_over = 4001;  // of the codes that RFC 6455 leaves to applications

}  // namespace

Attachment::Turn Attachment::turn(const Channel& channel) {
  Turn turn(turn_mutex_);
  if (current() != &channel) turn.unlock();
  return turn;
}

void Attachment::attach(std::shared_ptr<Channel> channel, std::string greeting) {
  const base::Lock lock(mutex_);
  if (channel_) {
    channel_->close(taken_over, "The session goes on over another connection");
    channel_->detach();
  }
  channel_ = std::move(channel);
  channel_->send(std::move(greeting));
  if (!remembered_.empty()) channel_->send(remembered_);
}

void Attachment::detach() {
  const base::Lock lock(mutex_);
  channel_.reset();
}

void Attachment::send(std::string text, bool droppable) {
  const base::Lock lock(mutex_);
  if (channel_) channel_->send(std::move(text), droppable);
}

void Attachment::remember(std::string text) {
  const base::Lock lock(mutex_);
  remembered_ = text;
  if (channel_) channel_->send(std::move(text));
}

void Attachment::close(int code, std::string reason) {
  const base::Lock lock(mutex_);
  if (channel_) channel_->close(code, std::move(reason));
}

}  // namespace piste::session
