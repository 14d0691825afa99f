#include "server/outbound_queue.h"

#include <utility>

namespace piste::server {
namespace {

std::size_t cost(const OutboundQueue::Text& text) {
  return text->size() + OutboundQueue::overhead;
}

}  // namespace

OutboundQueue::Push OutboundQueue::push(Text text, bool droppable) {
  if (droppable && bytes_ >= limit_ / 4) return Push::dropped;
  if (bytes_ >= limit_) drop_progress();
  if (bytes_ >= limit_) return Push::overflow;
  bytes_ += cost(text);
  messages_.push_back({std::move(text), droppable});
  return Push::queued;
}

OutboundQueue::Text OutboundQueue::pop() {
  Text text = std::move(messages_.front().text);
  messages_.pop_front();
  bytes_ -= cost(text);
  return text;
}

void OutboundQueue::clear() {
  messages_.clear();
  bytes_ = 0;
}

void OutboundQueue::drop_progress() {
  std::erase_if(messages_, [this](const Message& message) {
    if (message.droppable) bytes_ -= cost(message.text);
    return message.droppable;
  });
}

}  // namespace piste::server
