// Poses of each frame -> exactly two fencers. One Tracker per phrase; the caller runs the models:
//
//   Look look = tracker.look(time);                      // what is wanted for this frame
//   detections = look.detect ? detector(frame) : none   // unless look.urgent, they may follow by confirm()
//   crops = tracker.crops(time, detections);             // where each fencer should be
//   poses = single_pose(frame, crop) for each crop
//   tracker.observe(number, time, crops, poses);         // what was found
//   ...
//   Tracks tracks = tracker.finish();                    // in order of time, gaps filled, smoothed
//
// Keeps left left and right right through lunges, crossing limbs and when they run past each other; ignores
// referee, bystanders and other pistes (who fences whom is weighed over time: tracking/pair.h); sees the
// clash (two skeletons on one body), marks those frames unreliable, coasts and re-acquires from the detector.
// Frames may come late (a lower number after a higher one). Deterministic; knows neither pixels nor models;
// not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "types/camera.h"
#include "types/marks.h"
#include "types/pose.h"
#include "types/side.h"
#include "types/track.h"

namespace piste::tracking {

struct TrackerOptions {
  int width = 0;  // pixels of the received frame
  int height = 0;
  double fps = 30;
  double detect_interval = 0.33;  // seconds between two looks at the whole frame while both fencers are held
  bool precise_detector = false;  // the detector's keypoints are used as they are: no crops
  types::Marks marks = {};        // what a person says counts
};

struct Look {
  bool detect = false;  // the detector's boxes are wanted for this frame
  bool urgent = false;  // they decide where the crops go. Otherwise they only confirm a steady pair
};

using Crops = types::PerSide<std::optional<types::BoundingBox>>;
using Poses = types::PerSide<std::optional<types::Pose>>;

class Tracker {
 public:
  explicit Tracker(const TrackerOptions& options);
  ~Tracker();
  Tracker(Tracker&&) noexcept;
  Tracker& operator=(Tracker&&) noexcept;

  Look look(double time) const;
  // detections: those of this frame, empty when none were asked for. Nothing for a fencer who is not known
  // yet.
  Crops crops(double time, std::span<const types::Pose> detections);
  // Detections of an earlier frame whose look was not urgent, for which crops() was called without them. They
  // are compared with where the fencers were then; so it matters little how many frames later they come.
  void confirm(double time, std::span<const types::Pose> detections);
  // poses: from the crops, or with a precise detector from assign().
  void observe(std::int64_t number, double time, const Crops& crops, const Poses& poses);
  // Which of this frame's detections are the fencers (for a precise detector).
  Poses assign(double time, std::span<const types::Pose> detections);
  // What is known so far, from this moment on, in the pictures; mended and smoothed on the piste, where a
  // camera that shakes is out of it. The tracker may be used on.
  types::Tracks finish(double from = 0, const types::CameraMotion& motion = {}) const;
  // For a tracker that goes on for hours: what was before this moment is of no use any more.
  void drop(double before);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace piste::tracking
