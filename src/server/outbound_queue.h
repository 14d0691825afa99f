// The messages that wait to be sent to one WebSocket peer, bounded by bytes. When the peer reads slowly,
// progress messages are left out first; a verdict or an acknowledgement never is: beyond the limit the peer
// is given up. A text that many peers are told is there once. Not thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>

namespace piste::server {

class OutboundQueue {
 public:
  using Text = std::shared_ptr<const std::string>;
  enum class Push {
    queued,
    dropped,   // droppable, and the peer is behind
    overflow,  // not droppable, and the limit was reached already: close the connection
  };

  // Queued messages cost more than their text; counting this keeps a queue of tiny ones bounded too.
  static constexpr std::size_t overhead = 64;

  explicit OutboundQueue(std::size_t limit) : limit_(limit) {}

  // A message larger than the limit is taken when the queue is below it: results with keypoints are large.
  Push push(Text text, bool droppable);
  bool empty() const { return messages_.empty(); }
  std::size_t bytes() const { return bytes_; }
  // Precondition: !empty().
  Text pop();
  void clear();

 private:
  struct Message {
    Text text;
    bool droppable;
  };
  void drop_progress();

  const std::size_t limit_;
  std::deque<Message> messages_;
  std::size_t bytes_ = 0;
};

}  // namespace piste::server
