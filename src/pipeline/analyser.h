// Frames -> tracks and the camera's motion: pose networks, tracker and camera of one phrase, one frame after
// the other. Not thread-safe: one phrase, one thread; the networks run on the engine's workers.
//
// While the pair is steady, the detector runs beside the following frames. What it found is always handed to
// the tracker the same number of frames later, so that a phrase's tracks do not depend on the machine's load.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <vector>

#include "camera/camera.h"
#include "lamps/watch.h"
#include "pipeline/engine.h"
#include "pipeline/workers.h"
#include "pose/estimator.h"
#include "tracking/tracker.h"
#include "types/camera.h"
#include "types/frame.h"
#include "types/lamp_places.h"
#include "types/seen_lamps.h"
#include "types/track.h"

namespace piste::pipeline {

// What all phrases share; constant once made, its parts may be used by several threads.
struct Models {
  std::unique_ptr<pose::Detector> detector;
  std::unique_ptr<pose::SinglePose> single;  // none with a precise detector
};

// How much smaller a JPEG of this width is decoded for the pose network, which looks at 256 pixels of it at a
// time.
int reduction_for(int width);
// What a picture of this size takes once it is decoded.
std::size_t picture_bytes(int width, int height, types::Encoding encoding);

class Analyser {
 public:
  Analyser(const Models& models, Workers& workers, const tracking::TrackerOptions& options,
           const types::LampPlaces& lamps);
  ~Analyser();
  Analyser(const Analyser&) = delete;
  Analyser& operator=(const Analyser&) = delete;
  // The pictures are of another size than was said. Before the first one.
  void turn(int width, int height);
  // last: asked while the poses are found. Where it says that no frame follows, what the lamps still need is
  // done beside them, and nobody waits for it afterwards.
  using Last = std::function<bool()>;
  void add(std::shared_ptr<const types::Frame> frame, const Last& last = {});
  std::int64_t frames() const { return frames_; }
  // Whom the last frame shows, before anything is mended by its neighbours.
  const tracking::Poses& poses() const { return poses_; }
  // The phrase's turn at the workers, also for what else the phrase has to do there.
  const std::shared_ptr<Workers::Lane>& lane() const { return lane_; }
  types::CameraMotion motion() const { return camera_.motion(); }
  // motion: the camera's so far. from: from this moment on, s.
  types::Tracks finish(const types::CameraMotion& motion, double from = 0) const {
    return tracker_.finish(from, motion);
  }
  // For what goes on for hours: what was before this moment, and this number, is of no use any more.
  void drop(double before, std::int64_t before_number) {
    tracker_.drop(before);
    camera_.drop(before_number);
  }
  // After the last frame.
  types::SeenLamps seen_lamps();

 private:
  using Detections = std::vector<types::Pose>;
  struct Following {  // detections that the crops did not wait for
    double time = 0;
    std::future<Detections> detections;
    std::int64_t due = 0;  // when this many frames have been added
  };
  Detections look(const std::shared_ptr<const types::Frame>& frame);
  void confirm();
  tracking::Poses estimate(const types::Frame& frame, const tracking::Crops& crops, const Last& last);
  std::future<void> watch(std::shared_ptr<const types::Frame> frame, std::vector<types::BoundingBox> people);
  std::future<Detections> detect(std::shared_ptr<const types::Frame> frame);
  void look_for_lamps(const types::Frame& frame, const Last& last);

  const Models& models_;
  Workers& workers_;
  std::shared_ptr<Workers::Lane> lane_;
  tracking::TrackerOptions options_;
  tracking::Tracker tracker_;
  camera::Camera camera_;  // used by one task at a time, which add() waits for
  types::LampPlaces places_;
  std::optional<lamps::Watch> watch_;
  std::optional<Following> following_;
  std::int64_t frames_ = 0;
  tracking::Poses poses_;
};

}  // namespace piste::pipeline
