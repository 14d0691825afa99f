#include "pipeline/analyser.h"

#include <future>
#include <optional>

#include "base/log.h"

namespace piste::pipeline {

Analyser::Analyser(const Models& models, Workers& workers, const tracking::TrackerOptions& options)
    : models_(models), workers_(workers), lane_(workers.make_lane()), tracker_(options) {}

void Analyser::add(std::shared_ptr<const types::Frame> frame) {
  const bool precise = models_.detector->precise();
  Detections detections;
  if (precise || tracker_.look(frame->time).detect) detections = detect(frame).get();
  if (precise) {
    tracker_.observe(frame->number, frame->time, {}, tracker_.assign(frame->time, detections));
  } else {
    const auto crops = tracker_.crops(frame->time, detections);
    tracker_.observe(frame->number, frame->time, crops, estimate(*frame, crops));
  }
  ++frames_;
}

std::future<Analyser::Detections> Analyser::detect(std::shared_ptr<const types::Frame> frame) {
  return workers_.run(lane_, [this, frame = std::move(frame)]() -> Detections {
    auto found = models_.detector->detect(*frame);
    if (found) return std::move(*found);
    base::log::warning("", "detector: " + found.error().message);
    return {};
  });
}

// Both fencers at once, each on a worker.
tracking::Poses Analyser::estimate(const types::Frame& frame, const tracking::Crops& crops) {
  types::PerSide<std::future<std::optional<types::Pose>>> running;
  for (const types::Side side : types::both_sides) {
    if (!crops[side]) continue;
    running[side] = workers_.run(lane_, [this, &frame, crop = *crops[side]]() -> std::optional<types::Pose> {
      auto pose = models_.single->estimate(frame, crop);
      if (pose) return *pose;
      base::log::warning("", "pose: " + pose.error().message);
      return std::nullopt;
    });
  }
  tracking::Poses poses;
  for (const types::Side side : types::both_sides) {
    if (running[side].valid()) running[side].wait();  // both read the frame: none may outlive it
  }
  for (const types::Side side : types::both_sides) {
    if (running[side].valid()) poses[side] = running[side].get();
  }
  return poses;
}

}  // namespace piste::pipeline
