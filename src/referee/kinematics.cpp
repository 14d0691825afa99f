#include "referee/kinematics.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/median.h"
#include "referee/resample.h"
#include "referee/samples.h"

namespace piste::referee {
namespace {

using types::Side;
using types::TrackPoint;

Motion between(const Motion& a, const Motion& b) {
  return {(a.forward + b.forward) / 2, (a.up + b.up) / 2, (a.speed + b.speed) / 2, (a.climb + b.climb) / 2,
          a.known && b.known};
}

Series middle(const Series& a, const Series& b) {
  if (a.empty() || b.empty()) return a.empty() ? b : a;
  Series out;
  out.reserve(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) out.push_back(between(a[i], b[i]));
  return out;
}

std::optional<double> torso_length(const types::Keypoints& points) {
  using namespace types::joint;
  for (const Index i : {left_shoulder, right_shoulder, left_hip, right_hip})
    if (!usable(points[i])) return std::nullopt;
  const double dx =
      (points[left_shoulder].x + points[right_shoulder].x - points[left_hip].x - points[right_hip].x) / 2.0;
  const double dy =
      (points[left_shoulder].y + points[right_shoulder].y - points[left_hip].y - points[right_hip].y) / 2.0;
  return std::hypot(dx, dy);
}

// Median over both fencers; nullopt where shoulders or hips are never seen.
std::optional<double> torso_of(const types::Track& track) {
  std::vector<double> lengths;
  for (const TrackPoint& point : track.points)
    if (const auto length = torso_length(point.keypoints); length && *length > 0) lengths.push_back(*length);
  if (lengths.empty()) return std::nullopt;
  return base::median(std::move(lengths));
}

std::optional<double> front_ankle(const TrackPoint& point, Side side) {
  const auto& a = point.keypoints[types::joint::left_ankle];
  const auto& b = point.keypoints[types::joint::right_ankle];
  if (!usable(a) || !usable(b)) return std::nullopt;
  return std::max(sign(side) * a.x, sign(side) * b.x);
}

// Distance between the front ankles in the first frame that shows all four.
std::optional<double> starting_distance(const types::Tracks& tracks) {
  const std::size_t count = std::min(tracks.left.points.size(), tracks.right.points.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto left = front_ankle(tracks.left.points[i], Side::left);
    const auto right = front_ankle(tracks.right.points[i], Side::right);
    if (left && right) return -(*left + *right);
  }
  return std::nullopt;
}

// The starting distance is the unit of the recordings; where it contradicts the bodies (a recording that
// begins in the middle of an action), the bodies win.
double unit_of(const types::Tracks& tracks) {
  if (tracks.displacements) return 1;
  const auto distance = starting_distance(tracks);
  const auto left = torso_of(tracks.left);
  const auto right = torso_of(tracks.right);
  const double torso = left && right ? (*left + *right) / 2 : left ? *left : right ? *right : 0;
  const double by_torso = torso / kTorso;
  const double by_distance = distance ? *distance / 4 : 0;
  if (by_distance > 0 && (by_torso <= 0 || std::abs(std::log(by_distance / by_torso)) < 0.45))
    return by_distance;
  return by_torso > 0 ? by_torso : 1;
}

void fill_clock(const types::Tracks& tracks, double touch_time, double longest_after, Kinematics& out) {
  const auto& points = tracks.left.points;
  const double first = std::max(points.front().time, touch_time - kLongestPhrase);
  const double last = std::min(points.back().time, touch_time + longest_after);
  const auto before =
      static_cast<std::size_t>(std::max(0.0, std::floor((touch_time - first) * kRate + 1e-6)));
  const auto after = static_cast<std::size_t>(std::max(0.0, std::floor((last - touch_time) * kRate + 1e-6)));
  out.touch = before;
  std::size_t nearest = 0;
  for (std::size_t i = 0; i <= before + after; ++i) {
    const double time = touch_time + (static_cast<double>(i) - static_cast<double>(before)) / kRate;
    while (nearest + 1 < points.size() &&
           std::abs(points[nearest + 1].time - time) < std::abs(points[nearest].time - time))
      ++nearest;
    out.times.push_back(time);
    out.frames.push_back(points[nearest].number);
  }
}

FencerMotion fencer_motion(const types::Tracks& tracks, Side side, const Kinematics& clock) {
  FencerMotion out;
  const auto samples =
      joint_samples(tracks, side, clock.times.front() - 1, clock.times.back() + 1, clock.unit);
  for (std::size_t joint = 0; joint < samples.size(); ++joint)
    out.joints[joint] = resample(samples[joint], clock.times);
  out.hips = middle(out[Part::rear_hip], out[Part::front_hip]);
  if (const auto torso = torso_of(tracks[side]); torso && !tracks.displacements)
    out.torso = *torso / clock.unit;
  return out;
}

}  // namespace

Kinematics measure(const types::Tracks& tracks, double touch_time, double after) {
  Kinematics out;
  if (tracks.left.points.empty() || tracks.left.points.size() != tracks.right.points.size()) return out;
  if (!std::isfinite(touch_time)) return out;
  out.unit = unit_of(tracks);
  out.displacements = tracks.displacements;
  fill_clock(tracks, touch_time, after, out);
  for (const Side side : types::both_sides) out.fencers[side] = fencer_motion(tracks, side, out);
  if (out.fencers.left.hips.empty() || out.fencers.right.hips.empty()) return {};
  return out;
}

}  // namespace piste::referee
