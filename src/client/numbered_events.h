// A box's events in the order in which they happened, numbered from 1, until the server has them: and for a
// minute longer, as one that was killed has lost what it knew.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <utility>

#include "boxes/event.h"

namespace piste::client {

class NumberedEvents {
 public:
  static constexpr double kept = 60;            // s after the newest
  static constexpr std::size_t most = 200'000;  // about a day without a server

  void push(boxes::Event event) {
    newest_ = std::max(newest_, event.moment.at);
    events_.push_back(std::move(event));
    if (events_.size() > most) drop_first();
    forget();
  }
  // The server has all before this number.
  void acknowledge(std::int64_t next) {
    acknowledged_ = std::clamp(next, acknowledged_, end());
    forget();
  }

  std::int64_t begin() const { return first_; }  // the first one that is kept
  std::int64_t end() const { return first_ + static_cast<std::int64_t>(events_.size()); }
  bool all_acknowledged() const { return acknowledged_ == end(); }
  std::int64_t unacknowledged() const { return end() - std::max(acknowledged_, first_); }
  // Precondition: begin() <= number < end().
  const boxes::Event& operator[](std::int64_t number) const {
    return events_[static_cast<std::size_t>(number - first_)];
  }

 private:
  void forget() {
    while (!events_.empty() && first_ < acknowledged_ && events_.front().moment.at < newest_ - kept)
      drop_first();
  }
  void drop_first() {
    events_.pop_front();
    ++first_;
    acknowledged_ = std::max(acknowledged_, first_);
  }

  std::deque<boxes::Event> events_;
  std::int64_t first_ = 1;
  std::int64_t acknowledged_ = 1;
  double newest_ = 0;
};

}  // namespace piste::client
