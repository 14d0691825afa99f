#include "client/frame_queue.h"

#include <memory>
#include <utility>

namespace piste::client {

FrameQueue::Place FrameQueue::push(types::EncodedFrame frame) {
  Waiting next{std::move(frame), 0, 0};
  next.size = next.frame.bytes->size();
  if (fits(next.size)) {
    held_bytes_ += next.size;
    waiting_.push_back(std::move(next));
    return Place::memory;
  }
  const auto offset = file_.append(*next.frame.bytes);
  if (!offset) return Place::none;
  next.offset = *offset;
  next.frame.bytes.reset();
  ++on_disk_;
  waiting_.push_back(std::move(next));
  return Place::disk;
}

std::optional<types::EncodedFrame> FrameQueue::pop() {
  while (!waiting_.empty()) {
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    if (next.frame.bytes) {
      held_bytes_ -= next.size;
      return std::move(next.frame);
    }
    auto bytes = file_.read(next.offset, next.size);
    if (--on_disk_ == 0) file_.clear();
    if (!bytes) continue;
    next.frame.bytes = std::make_shared<const types::Bytes>(std::move(*bytes));
    return std::move(next.frame);
  }
  return std::nullopt;
}

}  // namespace piste::client
