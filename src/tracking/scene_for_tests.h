// A piste with stick figures on it, and stand-ins for the two pose models that look at it with their known
// weaknesses. For tests only.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "tracking/body.h"
#include "tracking/geometry.h"
#include "tracking/tracker.h"
#include "types/pose.h"
#include "types/track.h"

namespace piste::tracking::scene {

constexpr int width = 1280;
constexpr int height = 720;

// A person at one moment. x, floor: of the middle between the feet; tall: standing, in pixels; front: 1 faces
// right.
struct Figure {
  double x = 0;
  double floor = 600;
  double tall = 220;
  double front = 1;
  double lunge = 0;    // 0 en garde, 1 lunging
  double stride = 0;   // -1..1: how the feet have passed one another
  double visible = 1;  // 0: hidden, what the models say of it is worth nothing
  std::optional<types::Clothes> clothes = {};
};

using Person = std::function<Figure(double time)>;

inline types::Pose skeleton(const Figure& figure) {
  using namespace types::joint;
  types::Pose pose;
  const double tall = figure.tall;
  const double front = figure.front;
  const double crouch = 1 - 0.25 * figure.lunge;
  const auto put = [&](std::size_t joint, double ahead, double up) {
    pose.keypoints[joint] = {static_cast<float>(figure.x + front * ahead * tall),
                             static_cast<float>(figure.floor - up * tall * crouch), 0.8F};
  };
  const double spread = 0.22 + 0.18 * figure.lunge;
  const double lead = 0.1 * figure.lunge * std::abs(front);
  put(nose, 0.07 + lead, 0.88);
  put(left_eye, 0.06 + lead, 0.90);
  put(right_eye, 0.06 + lead, 0.90);
  put(left_ear, 0.00 + lead, 0.89);
  put(right_ear, 0.01 + lead, 0.89);
  put(left_shoulder, -0.05 + lead, 0.76);
  put(right_shoulder, 0.05 + lead, 0.76);
  put(left_elbow, -0.12 + lead, 0.62);
  put(right_elbow, 0.15 + lead, 0.64 + 0.1 * figure.lunge);
  put(left_wrist, -0.10 + lead, 0.52);
  put(right_wrist, 0.27 + 0.15 * figure.lunge + lead, 0.64 + 0.1 * figure.lunge);
  put(left_hip, -0.03, 0.48);
  put(right_hip, 0.03, 0.48);
  const double rear = -spread + 2 * spread * figure.stride;
  const double fore = spread - 2 * spread * figure.stride;
  put(left_knee, rear * 0.6 + 0.05, 0.26);
  put(right_knee, fore * 0.6 + 0.05, 0.27);
  put(left_ankle, rear, 0.05);
  put(right_ankle, fore, 0.05);
  pose.box = *body_box(pose.keypoints);
  pose.score = 0.8F;
  pose.clothes = figure.clothes;
  return pose;
}

struct Models {
  std::vector<Person> people;  // the first two are the fencers, left and right
  double noise = 1.5;          // pixels
  double merge = 0.3;          // heights between torsos, from which both models see one body
  std::function<bool(double)> blind = [](double) { return false; };  // the single-pose model finds nothing
  bool left_in_front = false;  // the single-pose model sees nobody else where he is in the crop

  std::vector<types::Pose> detect(double time, std::mt19937& random) const;
  types::Pose single(double time, const types::BoundingBox& crop, std::mt19937& random) const;
  std::vector<types::Pose> bodies(double time) const;
};

inline void shake(types::Pose& pose, double noise, std::mt19937& random) {
  std::normal_distribution<float> by(0, static_cast<float>(noise));
  for (auto& keypoint : pose.keypoints) {
    keypoint.x += by(random);
    keypoint.y += by(random);
  }
}

// Where fencers merge, one body is left: the nearer one, here the right fencer's.
inline std::vector<types::Pose> Models::bodies(double time) const {
  std::vector<types::Pose> found;
  for (const Person& person : people) {
    const Figure figure = person(time);
    if (figure.visible > 0) found.push_back(skeleton(figure));
  }
  if (people.size() >= 2 && people[0](time).visible > 0 && people[1](time).visible > 0 &&
      std::abs(torso(found[0]).x - torso(found[1]).x) < merge * people[0](time).tall) {
    found.erase(found.begin());
  }
  return found;
}

inline std::vector<types::Pose> Models::detect(double time, std::mt19937& random) const {
  auto found = bodies(time);
  for (auto& pose : found) shake(pose, 3 * noise, random);
  std::shuffle(found.begin(), found.end(), random);
  return found;
}

// The person nearest to the middle of the crop; where there is none, a skeleton of low scores.
inline types::Pose Models::single(double time, const types::BoundingBox& crop, std::mt19937& random) const {
  const auto found = bodies(time);
  const auto off = [&](const types::Pose& pose) { return distance(centre(pose.box), centre(crop)); };
  const auto nearest = std::min_element(found.begin(), found.end(),
                                        [&](const auto& a, const auto& b) { return off(a) < off(b); });
  if (nearest == found.end() || off(*nearest) > extent(crop) / 2 || blind(time)) {
    types::Pose nobody;
    for (auto& keypoint : nobody.keypoints) {
      keypoint = {static_cast<float>(centre(crop).x), static_cast<float>(centre(crop).y), 0.05F};
    }
    return nobody;
  }
  const bool sees_left = left_in_front && off(found[0]) < extent(crop) / 2;
  types::Pose pose = sees_left ? found[0] : *nearest;
  shake(pose, noise, random);
  return pose;
}

struct Recorded {
  types::Tracks tracks;
  int frames = 0;
  int looks = 0;  // at the whole frame
};

struct Recording {
  double fps = 30;
  double length = 2;                           // seconds
  std::vector<std::pair<int, int>> late = {};  // frame, after which other frame it arrives
  bool precise = false;                        // the detector's keypoints are used as they are
  types::Marks marks = {};
};

// The order in which frames arrive.
inline std::vector<int> arrivals(const Recording& recording) {
  std::vector<int> order;
  const int frames = static_cast<int>(std::lround(recording.length * recording.fps));
  const auto delayed = [&](int number) {
    return std::any_of(recording.late.begin(), recording.late.end(),
                       [&](auto pair) { return pair.first == number; });
  };
  for (int number = 0; number < frames; ++number) {
    if (!delayed(number)) order.push_back(number);
    for (const auto& [which, after] : recording.late) {
      if (after == number) order.push_back(which);
    }
  }
  return order;
}

// Detections that may follow some frames later.
struct Following {
  double time = 0;
  std::vector<types::Pose> people;
  int due = 0;  // in frames from the first
};

// Does what the pipeline does with a tracker.
inline Recorded record(const Models& models, const Recording& recording = {}) {
  constexpr int delay = 4;  // frames
  std::optional<Following> following;
  std::mt19937 random(7);
  Recorded run;
  Tracker tracker({.width = width,
                   .height = height,
                   .fps = recording.fps,
                   .precise_detector = recording.precise,
                   .marks = recording.marks});
  for (const int number : arrivals(recording)) {
    const double time = number / recording.fps;
    ++run.frames;
    if (following && run.frames >= following->due) {
      tracker.confirm(following->time, following->people);
      following.reset();
    }
    std::vector<types::Pose> detections;
    const Look look = tracker.look(time);
    if (recording.precise || look.detect) {
      detections = models.detect(time, random);
      ++run.looks;
    }
    if (look.detect && !look.urgent && !recording.precise)
      following = Following{time, std::exchange(detections, {}), run.frames + delay};
    if (recording.precise) {
      tracker.observe(number, time, {}, tracker.assign(time, detections));
      continue;
    }
    const Crops crops = tracker.crops(time, detections);
    Poses poses;
    for (const auto side : types::both_sides) {
      if (crops[side]) poses[side] = models.single(time, *crops[side], random);
    }
    tracker.observe(number, time, crops, poses);
  }
  run.tracks = tracker.finish();
  return run;
}

// Distance of a track's middle of hips from the figure's, in pixels.
inline double hips_off(const types::TrackPoint& point, const Figure& figure) {
  using namespace types::joint;
  const types::Pose truth = skeleton(figure);
  const auto middle = [](const types::Keypoints& keypoints) {
    return (at(keypoints[left_hip]) + at(keypoints[right_hip])) * 0.5;
  };
  return distance(middle(point.keypoints), middle(truth.keypoints));
}

}  // namespace piste::tracking::scene
