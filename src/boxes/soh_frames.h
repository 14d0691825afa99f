// Frames between SOH (01) and EOT (04), as RS422-FPA and St George send them, without a sum.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace piste::boxes {

class SohFrames {
 public:
  static constexpr char start = '\x01';
  static constexpr char end = '\x04';

  // longest: bytes of a frame; fixed: the length of those that begin so, for their bytes may be SOH and EOT.
  SohFrames(std::size_t longest, std::string_view fixed_begin, std::size_t fixed_length)
      : longest_(longest), fixed_begin_(fixed_begin), fixed_length_(fixed_length) {}

  // With the next byte: the frame that ends here, with SOH and EOT.
  std::optional<std::string> next(char byte) {
    if (frame_.empty() && byte != start) {
      ++stray_;
      return std::nullopt;
    }
    if (byte == start && !is_fixed()) drop();
    frame_ += byte;
    if (is_fixed() ? frame_.size() == fixed_length_ : byte == end) {
      if (frame_.back() == end) return std::exchange(frame_, {});
      drop();
    }
    if (frame_.size() >= longest_) drop();
    return std::nullopt;
  }

  // Bytes outside of frames since the last call.
  std::size_t take_stray() { return std::exchange(stray_, 0); }

 private:
  bool is_fixed() const { return !fixed_begin_.empty() && frame_.starts_with(fixed_begin_); }
  // What is there begins no frame.
  void drop() {
    stray_ += frame_.size();
    frame_.clear();
  }

  const std::size_t longest_;
  const std::string fixed_begin_;
  const std::size_t fixed_length_;
  std::string frame_;
  std::size_t stray_ = 0;
};

}  // namespace piste::boxes
