// When the bytes of a serial line came.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace piste::boxes {

// Of each byte: back from the moment when its chunk was read, or, in a recording, from the start at the
// line's rate.
class LineTime {
 public:
  explicit LineTime(double baud) : byte_(10 / baud) {}

  // The next `bytes` bytes are there since `received`.
  void chunk(std::size_t bytes, std::optional<double> received) {
    end_ = position_ + bytes;
    received_ = received;
  }
  void next() { ++position_; }

  std::uint64_t position() const { return position_; }  // bytes so far
  bool recorded() const { return !received_; }
  double byte() const { return byte_; }
  // When the last byte so far was there.
  double now() const {
    if (!received_) return static_cast<double>(position_) * byte_;
    return *received_ - static_cast<double>(end_ - position_) * byte_;
  }

 private:
  const double byte_;
  std::uint64_t position_ = 0;
  std::uint64_t end_ = 0;
  std::optional<double> received_;
};

// Of each frame of a box that sends one every `period`, in a recording: what was damaged in between counts
// too, by its bytes.
class FramePace {
 public:
  FramePace(double period, double on_the_line, std::size_t bytes)
      : period_(period), bytes_(static_cast<double>(bytes)), last_(on_the_line - period) {}

  // A frame ends at this place of the stream: when that was.
  double frame(std::uint64_t position) {
    const double frames = static_cast<double>(position - position_) / bytes_;
    last_ += period_ * std::max(1.0, static_cast<double>(static_cast<std::uint64_t>(frames + 0.5)));
    position_ = position;
    return last_;
  }
  // Bytes that belong to no such frame, and take no time of theirs.
  void skip(std::size_t bytes) { position_ += bytes; }
  // About when the byte at this place of the stream came.
  double at(std::uint64_t position) const {
    return last_ + period_ * static_cast<double>(position - position_) / bytes_;
  }

 private:
  const double period_;
  const double bytes_;
  double last_;
  std::uint64_t position_ = 0;
};

}  // namespace piste::boxes
