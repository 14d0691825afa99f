// When the frames of a live bout were taken, and when what is told of it was: all on one clock, that of the
// frames' timestamps. Not thread-safe.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "types/timestamps.h"

namespace piste::pipeline {

class BoutClock {
 public:
  BoutClock(double fps, types::Timestamps said) : fps_(fps), said_(said) {}

  // Of the next frame to arrive. Without timestamps the arrival counts. arrived: s on this node's steady
  // clock; nothing: it was in the log before.
  double frame(std::int64_t number, std::optional<double> timestamp, std::optional<double> arrived);
  // What the client tells with a time of its own.
  double of_client(double timestamp) const { return timestamp + shift_; }
  // A moment of this node's steady clock, by the frames that were least on their way. Nothing while the
  // frames that arrive are less and less late: a client sends what a server that was killed has missed.
  std::optional<double> of_node(double steady) const;
  // There will be no more frames: what is known must do.
  void end() { settled_ = true; }

 private:
  void note_lag(double arrived, double lag);

  const double fps_;
  const types::Timestamps said_;
  double shift_ = 0;  // the client's clock was set so much
  std::optional<std::int64_t> last_number_;
  double last_time_ = 0;
  std::optional<double> last_arrived_;
  // The least of this half of the window, and of the one before: clocks drift.
  double half_began_ = 0;
  double lag_ = std::numeric_limits<double>::infinity();
  double lag_before_ = std::numeric_limits<double>::infinity();
  double fell_to_ = std::numeric_limits<double>::infinity();  // the lag, by more than jitter, at fell_
  double fell_ = 0;
  bool settled_ = false;
};

}  // namespace piste::pipeline
