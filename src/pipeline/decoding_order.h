// Frames in order of arrival -> frames in an order in which they can be decoded. Pictures that stand on their
// own (key frames) pass at once. An H.264 unit that needs those before it waits for them: until they come,
// until the next key frame comes (where decoding begins anew, so waiting would only cost time), or until the
// end. What was waited for in vain is passed on all the same, for the decoder to say that it cannot be
// decoded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace piste::pipeline {

// Item has `number`, distinct, and `key`. Not thread-safe.
template <class Item>
class DecodingOrder {
 public:
  void add(Item item) {
    if (item.key) {
      pass_waiting_below(item.number);
    } else if (item.number > next_) {
      waiting_.emplace(item.number, std::move(item));
      return;
    }
    pass(std::move(item));
    pass_those_that_follow();
  }
  // No more will come.
  void end() {
    for (auto& [number, item] : waiting_) ready_.push_back(std::move(item));
    waiting_.clear();
  }

  bool has_next() const { return !ready_.empty(); }
  const Item& front() const { return ready_.front(); }  // precondition: has_next()
  // nullopt when none is ready.
  std::optional<Item> next() {
    if (ready_.empty()) return std::nullopt;
    Item item = std::move(ready_.front());
    ready_.pop_front();
    return item;
  }
  std::size_t size() const { return ready_.size() + waiting_.size(); }

 private:
  void pass(Item item) {
    if (item.number >= next_) next_ = item.number + 1;
    ready_.push_back(std::move(item));
  }
  void pass_waiting_below(std::int64_t number) {
    while (!waiting_.empty() && waiting_.begin()->first < number) pass_first_waiting();
  }
  void pass_those_that_follow() {
    while (!waiting_.empty() && waiting_.begin()->first == next_) pass_first_waiting();
  }
  void pass_first_waiting() {
    auto first = waiting_.extract(waiting_.begin());
    pass(std::move(first.mapped()));
  }

  std::deque<Item> ready_;
  std::map<std::int64_t, Item> waiting_;  // by number, all above next_
  std::int64_t next_ = 0;                 // one past the highest number that was passed on
};

}  // namespace piste::pipeline
