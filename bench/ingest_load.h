// Drives sessions against a target and measures: one thread, coroutines, plain sockets.
#pragma once

#include <cstdint>
#include <functional>

#include "ingest_target.h"

namespace piste::bench {

struct Load {
  int sessions = 1;
  int window = 64;              // frames in flight, of each session
  std::int64_t frames = 1000;   // of all sessions together
  double rate = 0;              // frames a second of each session; 0: as fast as they go
  std::function<double()> cpu;  // seconds that the target's process has used
};

struct Measured {
  double seconds = 0;  // from the first frame to the last answer
  std::int64_t frames = 0;
  std::uint64_t bytes = 0;  // of the frames, without their metadata
  double cpu = 0;           // s, the target's
  double own_cpu = 0;       // s, this process's
  double ack_p50 = 0;       // ms, from the beginning of a frame's sending to its answer
  double ack_p99 = 0;
};

Measured drive(const Target& target, std::uint16_t port, std::size_t frame_bytes, const Load& load);

}  // namespace piste::bench
