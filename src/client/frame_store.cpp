#include "client/frame_store.h"

#include <memory>
#include <system_error>
#include <utility>

namespace piste::client {
namespace {

// Frames that wait to be sent, and the recording, go to the same disk, and nobody else has those.
constexpr std::uintmax_t left_to_others = std::uintmax_t{2} << 30;

}  // namespace

bool FrameStore::disk_has_room(std::size_t size) const {
  std::error_code unknown;
  const auto space = std::filesystem::space(folder_, unknown);
  return unknown || space.available >= left_to_others + size;
}

bool FrameStore::put(types::EncodedFrame frame) {
  if (frames_.contains(frame.number)) return true;
  Kept kept{std::move(frame), 0, 0};
  kept.size = kept.frame.bytes->size();
  if (held_bytes_ + kept.size <= memory_bytes_) {
    held_bytes_ += kept.size;
  } else {
    if (!disk_has_room(kept.size)) return false;
    const auto offset = file_.append(*kept.frame.bytes);
    if (!offset) return false;
    kept.offset = *offset;
    kept.frame.bytes.reset();
  }
  frames_.emplace(kept.frame.number, std::move(kept));
  return true;
}

std::optional<types::EncodedFrame> FrameStore::get(std::int64_t number) const {
  const auto found = frames_.find(number);
  if (found == frames_.end()) return std::nullopt;
  types::EncodedFrame frame = found->second.frame;
  if (frame.bytes) return frame;
  auto bytes = file_.read(found->second.offset, found->second.size);
  if (!bytes) return std::nullopt;
  frame.bytes = std::make_shared<const types::Bytes>(std::move(*bytes));
  return frame;
}

}  // namespace piste::client
