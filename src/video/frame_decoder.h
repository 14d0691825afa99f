// A phrase's frames, in the order in which they are handed over, -> pictures. Pictures that stand on their
// own are decoded as decode() does; an H.264 unit needs those before it.
#pragma once

#include <cstdint>
#include <memory>

#include "types/frame.h"
#include "video/error.h"

namespace piste::video {

// Not thread-safe; calls that follow one another may come from different threads.
class FrameDecoder {
 public:
  // reduce: 1, 2 or 4, as for decode().
  explicit FrameDecoder(int reduce);
  ~FrameDecoder();
  FrameDecoder(const FrameDecoder&) = delete;
  FrameDecoder& operator=(const FrameDecoder&) = delete;

  // An H.264 unit is decoded when it is a key unit, or follows (by its number) one that was decoded. After a
  // missing or damaged unit every unit fails up to the next key unit: a picture that is patched together of
  // other moments is worse than none. One with a number that is passed already fails, and changes nothing.
  Result<types::Image> decode(const types::EncodedFrame& frame);
  // For those that follow only: nothing is made of the picture itself.
  Result<base::Done> skip(const types::EncodedFrame& frame);

 private:
  class Stream;
  Result<base::Done> feed(const types::EncodedFrame& unit);
  const int reduce_;
  std::unique_ptr<Stream> stream_;  // of H.264, from its first unit on
};

}  // namespace piste::video
