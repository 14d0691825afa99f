// The frames that were sent and may not have arrived: kept until the server has them, to be sent again over
// another connection, or when the server has room for them. As large as the window.
#pragma once

#include <cstdint>
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
  // The server has no room for it now: it is to be sent again. False: none of this number waits.
  bool refused(std::int64_t number) {
    auto frame = sent_.extract(number);
    if (frame.empty()) return false;
    again_.insert(std::move(frame));
    return true;
  }
  bool empty() const { return sent_.empty() && again_.empty(); }

  // The connection was lost. there: what the server has. The others are to be sent again; returns the numbers
  // of those that have arrived though nobody had said so.
  std::vector<std::int64_t> lost(const Ranges& there) {
    std::vector<std::int64_t> arrived;
    sent_.merge(again_);
    again_.clear();
    for (auto& [number, frame] : std::exchange(sent_, {})) {
      if (contains(there, number)) {
        arrived.push_back(number);
      } else {
        again_.emplace(number, std::move(frame));
      }
    }
    return arrived;
  }
  // The next one to send again: the one with the lowest number.
  std::optional<types::EncodedFrame> take() {
    if (again_.empty()) return std::nullopt;
    return std::move(again_.extract(again_.begin()).mapped());
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
  std::map<std::int64_t, types::EncodedFrame> again_;
};

}  // namespace piste::client
