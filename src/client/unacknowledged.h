// The frames that were sent and may not have arrived: kept until the server has them, to be sent again over
// another connection. As large as the window.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "types/frame.h"

namespace piste::client {

class Unacknowledged {
 public:
  using Ranges = std::vector<std::pair<std::int64_t, std::int64_t>>;  // both ends included

  void sent(const types::EncodedFrame& frame) { sent_.insert_or_assign(frame.number, frame); }
  void answered(std::int64_t number) { sent_.erase(number); }
  bool empty() const { return sent_.empty() && again_.empty(); }

  // The connection was lost. there: what the server has. The others are to be sent again; returns the numbers
  // of those that have arrived though nobody had said so.
  std::vector<std::int64_t> lost(const Ranges& there) {
    std::vector<std::int64_t> arrived;
    for (auto& frame : again_) sent_.insert_or_assign(frame.number, frame);
    again_.clear();
    for (auto& [number, frame] : sent_) {
      if (contains(there, number)) {
        arrived.push_back(number);
      } else {
        again_.push_back(std::move(frame));
      }
    }
    sent_.clear();
    return arrived;
  }
  // The next one to send again.
  std::optional<types::EncodedFrame> take() {
    if (again_.empty()) return std::nullopt;
    auto frame = std::move(again_.front());
    again_.pop_front();
    return frame;
  }
  std::size_t to_send_again() const { return again_.size(); }

 private:
  static bool contains(const Ranges& ranges, std::int64_t number) {
    for (const auto& [first, last] : ranges) {
      if (number >= first && number <= last) return true;
    }
    return false;
  }

  std::map<std::int64_t, types::EncodedFrame> sent_;
  std::deque<types::EncodedFrame> again_;  // in order of their numbers
};

}  // namespace piste::client
