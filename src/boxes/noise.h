// Whether a line damages bytes: then a single message is no proof. One accident is not noise, three within
// 4000 bytes are.
#pragma once

#include <array>
#include <cstdint>

namespace piste::boxes {

class Noise {
 public:
  // Bytes up to this place of the stream were none of the protocol's.
  void spot(std::uint64_t position) { last_[count_++ % last_.size()] = position; }

  bool noisy(std::uint64_t position) const {
    return count_ >= last_.size() && last_[count_ % last_.size()] + window >= position;
  }

 private:
  static constexpr std::uint64_t window = 4000;
  std::array<std::uint64_t, 3> last_{};
  std::uint64_t count_ = 0;
};

}  // namespace piste::boxes
