// Frames by their numbers, to be had again: in memory, and beyond that on disk. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>

#include "client/overflow_file.h"
#include "types/frame.h"

namespace piste::client {

class FrameStore {
 public:
  // folder: where the file goes, should one be needed. Without memory and disk it keeps nothing.
  FrameStore(std::size_t memory_bytes, std::uint64_t disk_bytes, std::filesystem::path folder)
      : memory_bytes_(memory_bytes), folder_(folder), file_(std::move(folder), disk_bytes) {}

  // False: there is no room anywhere, the frame is not kept. One of a number that is there already stays.
  bool put(types::EncodedFrame frame);
  // nullopt when there is none of this number, or the disk does not give it back.
  std::optional<types::EncodedFrame> get(std::int64_t number) const;

  // visit(number), in order.
  template <class Visit>
  void each(Visit visit) const {
    for (const auto& [number, kept] : frames_) visit(number);
  }

 private:
  struct Kept {
    types::EncodedFrame frame;  // without its bytes, if they are on disk
    std::size_t size = 0;
    std::uint64_t offset = 0;  // on disk
  };

  bool disk_has_room(std::size_t size) const;

  const std::size_t memory_bytes_;
  const std::filesystem::path folder_;
  std::map<std::int64_t, Kept> frames_;
  std::size_t held_bytes_ = 0;  // in memory
  OverflowFile file_;
};

}  // namespace piste::client
