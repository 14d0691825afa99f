// Decode, detector, two crops beside each other, tracker: the way of a phrase's frames from bytes to tracks.
#pragma once

#include <vector>

#include "pose/estimator.h"
#include "pose_accuracy.h"
#include "types/frame.h"
#include "types/track.h"

namespace piste::bench {

// A clip as a camera sends it, in memory.
struct Clip {
  int width = 0;
  int height = 0;
  double fps = 30;
  std::vector<types::EncodedFrame> frames;
  std::vector<double> times;  // s
};

struct Chain {
  types::Tracks tracks;
  std::vector<double> frame_times;  // ms, by frame
  double cpu_time = 0;              // ms of all threads, all frames
};

// Precondition: the frames decode, the models load and do not fail; throws std::runtime_error otherwise.
// reduce: how much smaller the frames are decoded.
Chain run_chain(const Clip& clip, const pose::Detector& detector, const pose::SinglePose& single,
                int reduce = 1);

// Where the fencers were seen, by frame.
std::vector<Fencers> keypoints_of(const types::Tracks& tracks);

// Milliseconds of all threads of this process so far.
double cpu_milliseconds();

}  // namespace piste::bench
