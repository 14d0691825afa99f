// The frames of a live bout that are not looked at yet, and those of the last minute: where a phrase begins
// they are looked at once more. Not thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

#include "base/byte_budget.h"
#include "types/frame.h"

namespace piste::pipeline {

class KeptFrames {
 public:
  struct Item {
    std::size_t index = 0;  // in the log; one after the other
    double time = 0;        // s on the bout's clock
    types::Encoding encoding = types::Encoding::jpeg;
    bool key = true;                                        // decoding can begin with it
    std::shared_ptr<const types::EncodedFrame> frame = {};  // none: to be read back
    std::optional<base::ByteBudget::Lease> lease = {};
  };

  // kept: s; what is older goes.
  void push(Item item, double kept);
  std::size_t waiting() const { return items_.empty() ? 0 : items_.back().index + 1 - cursor_; }
  // The next one after one moment and not before the other; those in between are passed over, but for what
  // others need to be decoded.
  const Item* next(double after, double from);
  // With its bytes; the one behind it is next. Nothing: it has gone meanwhile.
  std::optional<Item> take(std::size_t index);
  // The next is the first from this moment on, where it is kept and was passed already; or the key frame
  // before it, with which its decoding begins.
  void go_back_to(double time);

 private:
  std::deque<Item> items_;
  std::size_t cursor_ = 0;  // index of the next
};

}  // namespace piste::pipeline
