#include "pipeline/analyser.h"

#include <utility>

#include "base/log.h"
#include "pose/clothes.h"

namespace piste::pipeline {
namespace {

constexpr std::int64_t following_frames = 4;  // as many as the detector takes on a busy machine
constexpr float crop_room = 1.3F;             // of the body in its crop

std::vector<types::BoundingBox> bodies_in(const tracking::Crops& crops) {
  std::vector<types::BoundingBox> bodies;
  for (const types::Side side : types::both_sides) {
    if (!crops[side]) continue;
    const types::BoundingBox& crop = *crops[side];
    const float across = crop.width() * (1 - 1 / crop_room) / 2;
    const float down = crop.height() * (1 - 1 / crop_room) / 2;
    bodies.push_back({crop.left + across, crop.top + down, crop.right - across, crop.bottom - down});
  }
  return bodies;
}

std::vector<types::BoundingBox> bodies_of(const tracking::Poses& poses) {
  std::vector<types::BoundingBox> bodies;
  for (const types::Side side : types::both_sides) {
    if (poses[side]) bodies.push_back(poses[side]->box);
  }
  return bodies;
}

}  // namespace

int reduction_for(int width) {
  return width >= 3200 ? 4 : width >= 1600 ? 2 : 1;
}

std::size_t picture_bytes(int width, int height, types::Encoding encoding) {
  const int reduced = encoding == types::Encoding::jpeg ? reduction_for(width) : 1;
  return 3 * static_cast<std::size_t>(width / reduced) * static_cast<std::size_t>(height / reduced);
}

Analyser::Analyser(const Models& models, Workers& workers, const tracking::TrackerOptions& options,
                   const types::LampPlaces& places)
    : models_(models),
      workers_(workers),
      lane_(workers.make_lane()),
      options_(options),
      tracker_(options),
      places_(places) {
  if (places.watch) watch_.emplace(lamps::Options{places, options.fps});
}

Analyser::~Analyser() {
  if (following_) following_->detections.wait();
}

void Analyser::turn(int width, int height) {
  options_.width = width;
  options_.height = height;
  tracker_ = tracking::Tracker(options_);
  camera_ = camera::Camera();
}

void Analyser::add(std::shared_ptr<const types::Frame> frame, const Last& last) {
  if (models_.detector->precise()) {
    auto people = detect(frame);
    look_for_lamps(*frame, last);
    poses_ = tracker_.assign(frame->time, people.get());
    auto watched = watch(frame, bodies_of(poses_));
    const WaitAtExit wait(watched);
    tracker_.observe(frame->number, frame->time, {}, poses_);
    watched.get();
  } else {
    if (following_ && frames_ >= following_->due) confirm();
    const auto detections = look(frame);
    const auto crops = tracker_.crops(frame->time, detections);
    auto watched = watch(frame, bodies_in(crops));
    const WaitAtExit wait(watched);
    poses_ = estimate(*frame, crops, last);
    tracker_.observe(frame->number, frame->time, crops, poses_);
    watched.get();
  }
  ++frames_;
}

// What the crops have to wait for.
Analyser::Detections Analyser::look(const std::shared_ptr<const types::Frame>& frame) {
  const auto wanted = tracker_.look(frame->time);
  if (!wanted.detect) return {};
  if (wanted.urgent) return detect(frame).get();
  if (following_) confirm();
  following_ = Following{frame->time, detect(frame), frames_ + following_frames};
  return {};
}

void Analyser::confirm() {
  auto found = std::exchange(following_, std::nullopt);
  tracker_.confirm(found->time, found->detections.get());
}

std::future<Analyser::Detections> Analyser::detect(std::shared_ptr<const types::Frame> frame) {
  return workers_.run(lane_, [this, frame = std::move(frame)]() -> Detections {
    auto found = models_.detector->detect(*frame);
    if (found) {
      for (types::Pose& person : *found) person.clothes = pose::clothes_of(*frame, person.keypoints);
      return std::move(*found);
    }
    base::log::warning("", "detector: " + found.error().message);
    return {};
  });
}

// The camera's motion, beside the poses.
std::future<void> Analyser::watch(std::shared_ptr<const types::Frame> frame,
                                  std::vector<types::BoundingBox> people) {
  return workers_.run(
      lane_, [this, frame = std::move(frame), people = std::move(people)] { camera_.look(*frame, people); });
}

// Both fencers at once, each on a worker.
tracking::Poses Analyser::estimate(const types::Frame& frame, const tracking::Crops& crops,
                                   const Last& last) {
  types::PerSide<std::future<std::optional<types::Pose>>> running;
  const WaitAtExit left(running.left),
      right(running.right);  // both read the frame, which may go with the phrase
  for (const types::Side side : types::both_sides) {
    if (!crops[side]) continue;
    running[side] = workers_.run(lane_, [this, &frame, crop = *crops[side]]() -> std::optional<types::Pose> {
      auto pose = models_.single->estimate(frame, crop);
      if (pose) {
        pose->clothes = pose::clothes_of(frame, pose->keypoints);
        return *pose;
      }
      base::log::warning("", "pose: " + pose.error().message);
      return std::nullopt;
    });
  }
  look_for_lamps(frame, last);  // meanwhile
  tracking::Poses poses;
  for (const types::Side side : types::both_sides) {
    if (running[side].valid()) poses[side] = running[side].get();
  }
  return poses;
}

void Analyser::look_for_lamps(const types::Frame& frame, const Last& last) {
  if (!watch_) return;
  boxes::Events told;  // the sightings say more
  watch_->look(frame, told);
  if (last && last()) watch_->finish(told);
}

types::SeenLamps Analyser::seen_lamps() {
  types::SeenLamps seen{.places = places_, .lamps = {}, .elsewhere = 0, .lag = {}};
  if (!watch_) return seen;
  boxes::Events told;
  watch_->finish(told);
  seen.lamps = watch_->sightings();
  seen.elsewhere = static_cast<std::int64_t>(watch_->elsewhere());
  return seen;
}

}  // namespace piste::pipeline
