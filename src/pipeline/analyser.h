// Frames -> tracks: pose networks and tracker of one phrase, one frame after the other. Not thread-safe: one
// phrase, one thread; the networks run on the engine's workers.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "pipeline/engine.h"
#include "pipeline/workers.h"
#include "pose/estimator.h"
#include "tracking/tracker.h"
#include "types/frame.h"
#include "types/track.h"

namespace piste::pipeline {

// What all phrases share; constant once made, its parts may be used by several threads.
struct Models {
  std::unique_ptr<pose::Detector> detector;
  std::unique_ptr<pose::SinglePose> single;  // none with a precise detector
};

class Analyser {
 public:
  Analyser(const Models& models, Workers& workers, const tracking::TrackerOptions& options);
  void add(std::shared_ptr<const types::Frame> frame);
  std::int64_t frames() const { return frames_; }
  // The phrase's turn at the workers, also for what else the phrase has to do there.
  const std::shared_ptr<Workers::Lane>& lane() const { return lane_; }
  types::Tracks finish() const { return tracker_.finish(); }

 private:
  using Detections = std::vector<types::Pose>;
  tracking::Poses estimate(const types::Frame& frame, const tracking::Crops& crops);
  std::future<Detections> detect(std::shared_ptr<const types::Frame> frame);

  const Models& models_;
  Workers& workers_;
  std::shared_ptr<Workers::Lane> lane_;
  tracking::Tracker tracker_;
  std::int64_t frames_ = 0;
};

}  // namespace piste::pipeline
