// The received frames as pictures again, once they are in the log.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "pipeline/moments.h"
#include "recording/frame_log.h"
#include "types/frame.h"
#include "video/frame_decoder.h"

namespace piste::pipeline {

// One thread at a time. Log and places outlive it.
class LogPictures {
 public:
  // places: the phrase's frames in order of time. reduce: as for video::decode().
  LogPictures(const recording::FrameLog& log, std::span<const Place> places, int reduce)
      : log_(log), places_(places), decoder_(reduce) {}

  // The frame at this place; nullopt where it cannot be read or decoded. In order of the places is cheapest:
  // where an H.264 unit needs those before it and was not asked for after them, they are decoded first.
  std::optional<types::Frame> at(std::size_t place);

 private:
  bool is_key(std::size_t place) const { return log_.entry(places_[place].index).key; }
  void decode_those_before(std::size_t place);
  std::optional<types::Frame> decode(std::size_t place);

  const recording::FrameLog& log_;
  const std::span<const Place> places_;
  video::FrameDecoder decoder_;
  std::size_t next_ = 0;  // the place behind the one that was decoded last
};

// One after the other those that can be decoded, reduced as for the analysis of pictures so wide; null at the
// end, or once it is cancelled. Log and moments outlive it.
std::function<std::shared_ptr<const types::Frame>()> frames_of(const recording::FrameLog& log,
                                                               const Moments& moments, int width,
                                                               std::function<bool()> cancelled);

}  // namespace piste::pipeline
