// A thread that reads, encodes and paces frames, and the queue behind it: the network never waits for an
// encoder. The queue is bounded in bytes. When memory is full, a file waits; a camera cannot, so its frames
// go to the disk, and only when that is full too, its newest frame is dropped (counted, and its number stays
// a gap).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <thread>

#include "base/mutex.h"
#include "client/frame_queue.h"
#include "client/frame_source.h"

namespace piste::client {

struct FeedOptions {
  bool realtime = false;
  std::size_t memory_bytes = 256u << 20;
  std::uint64_t disk_bytes = 0;  // of a camera's frames, beyond memory
  std::filesystem::path folder = ".";
};

struct FeedStats {
  std::int64_t produced = 0;     // handed to the queue
  std::int64_t on_disk = 0;      // of produced: that waited on disk
  std::int64_t dropped = 0;      // camera frames that found no room
  std::int64_t damaged = 0;      // pictures of the file that could not be read
  std::int64_t next_number = 0;  // one past the last frame's number
  std::uint64_t bytes = 0;       // of produced
  std::size_t waiting = 0;       // of produced, still in the queue
  double media_time = 0;         // s, from the first to the last frame
};

class FrameFeed {
 public:
  // wake: called from the feed's thread after each change; it must not block.
  FrameFeed(FrameSource source, const FeedOptions& options, std::function<void()> wake);
  ~FrameFeed();  // ends the thread
  FrameFeed(const FrameFeed&) = delete;
  FrameFeed& operator=(const FrameFeed&) = delete;

  // nullopt when none is ready now.
  std::optional<types::EncodedFrame> try_take();
  // No frame will come any more.
  bool finished() const;
  // try_take() has a frame, or finished().
  bool ready() const;
  // The source ends here, as if the file or the recording were over. What is in the queue stays.
  void end_early();
  FeedStats stats() const;
  // A frame was lost on the way: see FrameSource::begin_anew().
  void begin_anew() { source_.begin_anew(); }
  // Why the source ended before its end, if it did.
  std::optional<Error> failure() const;

 private:
  void run();
  bool wait_for_turn(const types::EncodedFrame& frame);
  bool push(types::EncodedFrame frame);

  FrameSource source_;  // the feed's thread only
  const FeedOptions options_;
  const bool camera_;
  const std::function<void()> wake_;

  mutable base::Mutex mutex_;
  base::Condition changed_;
  FrameQueue queue_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  bool done_ GUARDED_BY(mutex_) = false;
  FeedStats stats_ GUARDED_BY(mutex_);
  std::optional<Error> failure_ GUARDED_BY(mutex_);
  double first_timestamp_ GUARDED_BY(mutex_) = 0;
  std::chrono::steady_clock::time_point first_at_ GUARDED_BY(mutex_);

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace piste::client
