#include "tracking/body.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

namespace piste::tracking {
namespace {

using types::BoundingBox;
using types::Keypoint;
using types::Keypoints;
using types::Pose;
using namespace types::joint;

constexpr float believed = 0.2F;           // score from which a keypoint's place means something
constexpr int fewest_keypoints = 6;        // of a body
constexpr double room_above = 0.10;        // of the keypoints' height: from the eyes to the crown
constexpr double room_below = 0.05;        // from the ankles to the soles
constexpr double room_beside = 0.03;       // hands and toes
constexpr double stature_of_bones = 1.27;  // a body's height of that from shoulder to ankle, along the bones
constexpr double most_crouched = 1.5;      // a lunge lowers to .65
constexpr double same_place = 0.08;        // of the body's extent
constexpr double same_share = 0.6;         // of the keypoints, for two skeletons to be on one body

std::optional<Point> mean(const Keypoints& keypoints, std::initializer_list<std::size_t> joints) {
  Point sum;
  int count = 0;
  for (const auto joint : joints) {
    if (keypoints[joint].score < believed) continue;
    sum = sum + at(keypoints[joint]);
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum * (1.0 / count);
}

// How far a lies before b, in units of reach; 0 where one is not known.
double lead(const std::optional<Point>& a, const std::optional<Point>& b, double reach) {
  return a && b ? std::clamp((a->x - b->x) / reach, -1.0, 1.0) : 0;
}

double unlike(const types::Colour& a, const types::Colour& b) {
  double sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c)
    sum += (a[c] - b[c]) * (a[c] - b[c]) / static_cast<double>(a.size());
  return std::sqrt(sum);
}

types::Colour mixed(const types::Colour& a, const types::Colour& b, double share) {
  types::Colour out{};
  for (std::size_t c = 0; c < a.size(); ++c) out[c] = a[c] + (b[c] - a[c]) * static_cast<float>(share);
  return out;
}

}  // namespace

std::optional<BoundingBox> body_box(const Keypoints& keypoints) {
  BoundingBox box;
  int count = 0;
  for (const Keypoint& keypoint : keypoints) {
    if (keypoint.score < believed) continue;
    if (count++ == 0) box = {keypoint.x, keypoint.y, keypoint.x, keypoint.y};
    box = {std::min(box.left, keypoint.x), std::min(box.top, keypoint.y), std::max(box.right, keypoint.x),
           std::max(box.bottom, keypoint.y)};
  }
  if (count < fewest_keypoints) return std::nullopt;
  const double height = box.height();
  box.left -= static_cast<float>(room_beside * height);
  box.right += static_cast<float>(room_beside * height);
  box.top -= static_cast<float>(room_above * height);
  box.bottom += static_cast<float>(room_below * height);
  return box;
}

Point torso(const Pose& pose) {
  const auto shoulders = mean(pose.keypoints, {left_shoulder, right_shoulder});
  const auto hips = mean(pose.keypoints, {left_hip, right_hip});
  return shoulders && hips ? (*shoulders + *hips) * 0.5 : centre(pose.box);
}

double feet(const Pose& pose) {
  const Keypoint& left = pose.keypoints[left_ankle];
  const Keypoint& right = pose.keypoints[right_ankle];
  if (left.score < believed || right.score < believed) return pose.box.bottom;
  return std::max(left.y, right.y) + room_below * pose.box.height();
}

std::optional<double> stance(const Pose& pose) {
  const Keypoint& left = pose.keypoints[left_ankle];
  const Keypoint& right = pose.keypoints[right_ankle];
  if (left.score < believed || right.score < believed) return std::nullopt;
  return std::abs(left.x - right.x);
}

double stature(const Pose& pose) {
  const auto bone = [&](std::size_t from, std::size_t to) {
    const Keypoint& a = pose.keypoints[from];
    const Keypoint& b = pose.keypoints[to];
    return a.score < believed || b.score < believed ? 0 : distance(at(a), at(b));
  };
  const auto shoulders = mean(pose.keypoints, {left_shoulder, right_shoulder});
  const auto hips = mean(pose.keypoints, {left_hip, right_hip});
  const double box = pose.box.height();
  if (!shoulders || !hips || !(box > 0)) return box;
  const double leg = std::max(bone(left_hip, left_knee) + bone(left_knee, left_ankle),
                              bone(right_hip, right_knee) + bone(right_knee, right_ankle));
  const double bones = (distance(*shoulders, *hips) + leg) * stature_of_bones;
  return std::clamp(bones, box, most_crouched * box);
}

bool cut_off_below(const Pose& pose, double frame_height) {
  if (pose.box.bottom < 0.97 * frame_height) return false;
  return pose.keypoints[left_ankle].score < believed && pose.keypoints[right_ankle].score < believed;
}

bool has_body(const Keypoints& keypoints) {
  return std::ranges::count_if(keypoints, [](const Keypoint& keypoint) {
           return keypoint.score >= believed;
         }) >= fewest_keypoints;
}

double facing(const Pose& pose) {
  const double height = std::max(1.0F, pose.box.height());
  const auto hips = mean(pose.keypoints, {left_hip, right_hip});
  const auto shoulders = mean(pose.keypoints, {left_shoulder, right_shoulder});
  const double head = lead(mean(pose.keypoints, {nose, left_eye, right_eye}),
                           mean(pose.keypoints, {left_ear, right_ear}), 0.05 * height);
  const double hands = lead(mean(pose.keypoints, {left_wrist, right_wrist}), shoulders, 0.15 * height);
  // Both knees are bent forwards: the middle of knees lies before that of hips and ankles.
  const double knees = lead(mean(pose.keypoints, {left_knee, right_knee}), hips, 0.10 * height);
  return 0.5 * head + 0.3 * hands + 0.2 * knees;
}

bool same_body(const Pose& a, const Pose& b) {
  const double reach = same_place * std::max(extent(a.box), extent(b.box));
  int common = 0;
  int close = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (a.keypoints[i].score < believed || b.keypoints[i].score < believed) continue;
    ++common;
    if (distance(at(a.keypoints[i]), at(b.keypoints[i])) < reach) ++close;
  }
  return common >= fewest_keypoints && close >= same_share * common;
}

double unlike(const std::optional<types::Clothes>& a, const std::optional<types::Clothes>& b) {
  return a && b ? (unlike(a->trunk, b->trunk) + unlike(a->legs, b->legs)) / 2 : 0;
}

std::optional<types::Clothes> mixed(const std::optional<types::Clothes>& before,
                                    const std::optional<types::Clothes>& now, double share) {
  if (!before || !now) return now ? now : before;
  return types::Clothes{mixed(before->trunk, now->trunk, share), mixed(before->legs, now->legs, share)};
}

}  // namespace piste::tracking
