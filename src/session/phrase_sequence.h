// Numbers the phrases in the order in which they begin, across restarts too: of two under one id, the later
// is known by it, whatever the clock said. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>

namespace piste::session {

class PhraseSequence {
 public:
  // Of a phrase that begins: larger than any that was seen.
  std::int64_t next() { return ++last_; }
  // Of a phrase that an earlier run began.
  void saw(std::int64_t number) {
    std::int64_t known = last_;
    while (known < number && !last_.compare_exchange_weak(known, number)) {
    }
  }

 private:
  std::atomic<std::int64_t> last_ = 0;
};

}  // namespace piste::session
