// One phrase sent to the service as a camera would, and how long the answers take.
#pragma once

#include <cstdint>
#include <string>

#include "pose_accuracy.h"
#include "pose_chain.h"

namespace piste::bench {

struct Sending {
  std::string id;
  bool paced = true;  // at the clip's own rate; otherwise as fast as the service takes it
  bool keypoints = false;
  bool overlay = true;
};

struct Answers {
  double sending = 0;          // s, from the first frame to the last one's ack
  double slowest_ack = 0;      // s, paced only
  double decision = 0;         // s, from the last byte of the signal to the decision
  double complete = 0;         // s, ... to process_complete
  std::vector<Fencers> found;  // by frame, when keypoints were asked for

  double total() const { return sending + decision; }
};

// A log with a hit of both fencers, half a second before the clip's end.
std::string log_for(const Clip& clip);

// Throws where the service does not do as it should.
Answers send_phrase(std::uint16_t port, const Clip& clip, const std::string& log, const Sending& sending);

}  // namespace piste::bench
