// Frames that wait to be sent, in order: in memory, and beyond that on disk. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>

#include "client/overflow_file.h"
#include "types/frame.h"

namespace piste::client {

class FrameQueue {
 public:
  enum class Place { memory, disk, none };

  // folder: where the file goes, should one be needed.
  FrameQueue(std::size_t memory_bytes, std::uint64_t disk_bytes, std::filesystem::path folder)
      : memory_bytes_(memory_bytes), file_(std::move(folder), disk_bytes) {}

  // Whether memory has room for a frame of this size. A single frame always has, however large.
  bool fits(std::size_t size) const { return waiting_.empty() || held_bytes_ + size <= memory_bytes_; }
  // none: there is no room anywhere, the frame is not taken.
  Place push(types::EncodedFrame frame);
  // The oldest one; nullopt when there is none. One that the disk does not give back is left out.
  std::optional<types::EncodedFrame> pop();

  bool empty() const { return waiting_.empty(); }
  std::size_t size() const { return waiting_.size(); }

 private:
  struct Waiting {
    types::EncodedFrame frame;  // without its bytes, if they are on disk
    std::size_t size = 0;
    std::uint64_t offset = 0;  // on disk
  };

  const std::size_t memory_bytes_;
  std::deque<Waiting> waiting_;
  std::size_t held_bytes_ = 0;  // in memory
  std::size_t on_disk_ = 0;     // frames
  OverflowFile file_;
};

}  // namespace piste::client
