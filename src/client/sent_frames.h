// The frames that were sent, kept until the result is there: what the server does not have is sent again,
// over another connection, when it has room, or to a server that has nothing of the phrase any more.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "client/frame_store.h"
#include "types/frame.h"

namespace piste::client {

class SentFrames {
 public:
  using Ranges = std::vector<std::pair<std::int64_t, std::int64_t>>;  // both ends included

  // Of what is acknowledged; what is not is in memory, and as large as the window.
  SentFrames(std::size_t memory_bytes, std::uint64_t disk_bytes, std::filesystem::path folder)
      : there_(memory_bytes, disk_bytes, std::move(folder)) {}

  void sent(const types::EncodedFrame& frame) { flying_.insert_or_assign(frame.number, frame); }
  void acknowledged(std::int64_t number);
  // The server does not want it: it is not sent again.
  void rejected(std::int64_t number) { flying_.erase(number); }
  // The server has no room for it now: it is to be sent again. False: none of this number waits.
  bool refused(std::int64_t number);

  // The connection was lost. there: what the server has. The others are to be sent again; returns the numbers
  // of those that have arrived though nobody had said so.
  std::vector<std::int64_t> lost(const Ranges& there);
  // There is no server any more that has any of them: all are to be sent again. False: not all were kept.
  bool all_lost();
  bool all_kept() const { return all_kept_; }

  // The next one to send again: the one with the lowest number.
  std::optional<types::EncodedFrame> take();
  std::size_t to_send_again() const { return again_.size(); }

 private:
  using Frames = std::map<std::int64_t, types::EncodedFrame>;

  Frames flying_;
  Frames waiting_;                // of again_: those that were never acknowledged
  std::set<std::int64_t> again_;  // in waiting_ or there_
  FrameStore there_;              // acknowledged once, whatever became of it
  bool all_kept_ = true;
};

}  // namespace piste::client
