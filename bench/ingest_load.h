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
  // At the beginning and after each answer: how many there were. Empty: nothing is called.
  std::function<void(std::int64_t answered)> on_answer;
};

struct Measured {
  double seconds = 0;  // from the first frame to the last answer
  std::int64_t frames = 0;
  double cpu = 0;      // s, the target's
  double own_cpu = 0;  // s, this process's
  double ack_p50 = 0;  // ms, from the beginning of a frame's sending to its answer
  double ack_p99 = 0;
  double ack_max = 0;
};

Measured drive(const Target& target, std::uint16_t port, const Load& load);

}  // namespace piste::bench
