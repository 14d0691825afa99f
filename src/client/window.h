// What is in flight: frames that were sent and are not answered yet, bounded in number and bytes. Time comes
// in as an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace piste::client {

class Window {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct InFlight {
    std::size_t bytes = 0;
    TimePoint sent;
  };

  Window(std::size_t max_frames, std::size_t max_bytes) : max_frames_(max_frames), max_bytes_(max_bytes) {}

  // Whether a frame of this size may be sent now. A single frame always may, however large.
  bool admits(std::size_t bytes) const {
    return flying_.empty() || (flying_.size() < max_frames_ && bytes_ + bytes <= max_bytes_);
  }
  void sent(std::int64_t number, std::size_t bytes, TimePoint now);
  // The frame that this answer is for; nullopt when none of this number waits for one.
  std::optional<InFlight> answered(std::int64_t number);
  // The number of the frame that has waited longest.
  std::optional<std::int64_t> oldest() const;

  // The connection was lost: no answer will come.
  void clear() {
    flying_.clear();
    bytes_ = 0;
  }

  bool empty() const { return flying_.empty(); }
  std::size_t frames() const { return flying_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  const std::size_t max_frames_;
  const std::size_t max_bytes_;
  std::map<std::int64_t, InFlight> flying_;  // frames are sent in order of their numbers
  std::size_t bytes_ = 0;
};

}  // namespace piste::client
