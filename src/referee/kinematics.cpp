#include "referee/kinematics.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace piste::referee {
namespace {

using types::Side;
using types::TrackPoint;

constexpr double kReach = 0.15;              // s: half width of the smoothing window
constexpr double kLongestGap = 0.4;          // s: longer holes are not bridged
constexpr double kAfterTouch = 0.5;          // s after the touch that are looked at
constexpr float kFaint = 0.1F;               // keypoint scores below this are guesses
constexpr double kFastest = 7;               // units/s: no fencer's hips are faster
constexpr double kSlack = 0.15;              // units: what the keypoints' noise adds to a step
constexpr std::size_t kLongestAbsence = 45;  // frames: how far back a track may be taken up again
constexpr double kImpossible =
    0.6;  // units: a joint that leaves its neighbours by more, for a frame or two, is not there

// One joint's measurements: a structure of arrays in order of time.
struct Samples {
  std::vector<double> time, forward, up;
  std::size_t size() const { return time.size(); }
  void add(double t, double f, double u) {
    time.push_back(t);
    forward.push_back(f);
    up.push_back(u);
  }
};

double sign(Side side) {
  return side == Side::left ? 1.0 : -1.0;
}

bool usable(const types::Keypoint& point) {
  return point.score >= kFaint && std::isfinite(point.x) && std::isfinite(point.y);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// The pair's joints in order: rear first. One of two seen alone could be either, and is left out.
void add_pair(const types::Keypoints& points, std::size_t rear, double towards, double time, bool sorted,
              std::array<Samples, types::joint::count>& out) {
  const types::Keypoint* a = &points[rear];
  const types::Keypoint* b = &points[rear + 1];
  if (!sorted && !(usable(*a) && usable(*b))) return;
  if (!sorted && towards * a->x > towards * b->x) std::swap(a, b);
  if (usable(*a)) out[rear].add(time, towards * a->x, -a->y);
  if (usable(*b)) out[rear + 1].add(time, towards * b->x, -b->y);
}

// Where a body is: the middle of its hips, or of all its joints where the hips are not seen.
std::optional<std::array<double, 2>> body_place(const types::Keypoints& points) {
  std::array<double, 2> sum{0, 0};
  const auto middle_of = [&](std::size_t first, std::size_t last) {
    double count = 0;
    sum = {0, 0};
    for (std::size_t i = first; i <= last; ++i) {
      if (!usable(points[i])) continue;
      sum[0] += points[i].x;
      sum[1] += points[i].y;
      ++count;
    }
    return count;
  };
  double count = middle_of(types::joint::left_hip, types::joint::right_hip);
  if (count < 2) count = middle_of(types::joint::left_elbow, types::joint::right_ankle);
  if (count < 2) return std::nullopt;
  return std::array<double, 2>{sum[0] / count, sum[1] / count};
}

// The points of the track that a body could have passed through: the longest chain in which no step is faster
// than a fencer can be. What is left out (the pose settled on another person, or on the opponent) becomes a
// gap.
std::vector<const TrackPoint*> plausible(const types::Track& track, double from, double to, double unit) {
  struct Link {
    const TrackPoint* point;
    std::array<double, 2> place;
    std::size_t length;
    std::size_t before;
  };
  std::vector<Link> chain;
  std::size_t best = 0;
  for (const TrackPoint& point : track.points) {
    if (point.time < from || point.time > to || !std::isfinite(point.time)) continue;
    const auto place = body_place(point.keypoints);
    if (!place) continue;
    Link link{&point, *place, 1, chain.size()};
    for (std::size_t back = 1; back <= std::min(chain.size(), kLongestAbsence); ++back) {
      const Link& other = chain[chain.size() - back];
      const double step = std::hypot(place->at(0) - other.place[0], place->at(1) - other.place[1]) / unit;
      if (step > kSlack + kFastest * (point.time - other.point->time) || other.length + 1 <= link.length)
        continue;
      link.length = other.length + 1;
      link.before = chain.size() - back;
    }
    chain.push_back(link);
    if (link.length >= chain[best].length) best = chain.size() - 1;
  }
  std::vector<const TrackPoint*> out;
  if (chain.empty()) return out;
  for (std::size_t at = best;; at = chain[at].before) {
    out.push_back(chain[at].point);
    if (chain[at].before == at) break;
  }
  std::reverse(out.begin(), out.end());
  return out;
}

std::array<Samples, types::joint::count> collect(const std::vector<const TrackPoint*>& points, Side side,
                                                 bool sorted) {
  std::array<Samples, types::joint::count> out;
  for (const TrackPoint* seen : points) {
    const TrackPoint& point = *seen;
    const auto& nose = point.keypoints[types::joint::nose];
    if (usable(nose)) out[0].add(point.time, sign(side) * nose.x, -nose.y);
    for (std::size_t rear = types::joint::left_shoulder; rear < types::joint::count; rear += 2)
      add_pair(point.keypoints, rear, sign(side), point.time, sorted, out);
  }
  return out;
}

// Replaces samples that stand apart from their neighbours within .1 s by the neighbours' median.
void drop_outliers(const std::vector<double>& time, std::vector<double>& values, double limit) {
  const std::vector<double> raw = values;
  std::vector<double> near;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    near.clear();
    for (std::size_t j = i >= 3 ? i - 3 : 0; j < raw.size() && j <= i + 3; ++j)
      if (std::abs(time[j] - time[i]) < 0.21) near.push_back(raw[j]);
    const double middle = median(near);
    if (near.size() >= 3 && std::abs(raw[i] - middle) > limit) values[i] = middle;
  }
}

struct Fit {
  double weight = 0, t = 0, tt = 0, f = 0, tf = 0, u = 0, tu = 0;
};

// A line through the samples around `at`, nearer ones weighing more: position and speed in one, at any frame
// rate.
Motion fit_line(const Samples& samples, std::size_t begin, std::size_t end, double at, double reach) {
  Fit sum;
  for (std::size_t i = begin; i < end; ++i) {
    const double d = samples.time[i] - at;
    const double w = 1 - std::abs(d) / reach;
    if (w <= 0) continue;
    sum.weight += w;
    sum.t += w * d;
    sum.tt += w * d * d;
    sum.f += w * samples.forward[i];
    sum.tf += w * d * samples.forward[i];
    sum.u += w * samples.up[i];
    sum.tu += w * d * samples.up[i];
  }
  const double spread = sum.weight * sum.tt - sum.t * sum.t;
  if (sum.weight <= 0) return {};
  if (spread < 1e-9) return {sum.f / sum.weight, sum.u / sum.weight, 0, 0, true};
  Motion fit;
  fit.speed = (sum.weight * sum.tf - sum.t * sum.f) / spread;
  fit.climb = (sum.weight * sum.tu - sum.t * sum.u) / spread;
  fit.forward = (sum.f - fit.speed * sum.t) / sum.weight;
  fit.up = (sum.u - fit.climb * sum.t) / sum.weight;
  fit.known = true;
  return fit;
}

// A straight line across the hole between samples i and i + 1.
Motion bridge(const Samples& samples, std::size_t i, double at) {
  const double length = samples.time[i + 1] - samples.time[i];
  Motion motion;
  motion.speed = (samples.forward[i + 1] - samples.forward[i]) / length;
  motion.climb = (samples.up[i + 1] - samples.up[i]) / length;
  motion.forward = samples.forward[i] + motion.speed * (at - samples.time[i]);
  motion.up = samples.up[i] + motion.climb * (at - samples.time[i]);
  motion.known = length <= kLongestGap;
  return motion;
}

// Outside its samples a joint holds still, and is not known.
Motion at_edge(const Samples& samples, std::size_t i) {
  return {samples.forward[i], samples.up[i], 0, 0, false};
}

Series resample(const Samples& samples, const std::vector<double>& times) {
  Series series;
  if (samples.size() < 2) return series;
  series.reserve(times.size());
  std::size_t begin = 0;
  for (const double at : times) {
    if (at < samples.time.front() - 1e-9 || at > samples.time.back() + 1e-9) {
      series.push_back(at_edge(samples, at < samples.time.front() ? 0 : samples.size() - 1));
      continue;
    }
    while (begin < samples.size() && samples.time[begin] <= at - kReach) ++begin;
    std::size_t end = begin;
    while (end < samples.size() && samples.time[end] < at + kReach) ++end;
    const bool surrounded =
        end - begin >= 2 && samples.time[begin] <= at + 1e-9 && samples.time[end - 1] >= at - 1e-9;
    if (surrounded) {
      series.push_back(fit_line(samples, begin, end, at, kReach));
      continue;
    }
    const auto after = std::upper_bound(samples.time.begin(), samples.time.end(), at);
    const auto next = std::clamp<std::size_t>(static_cast<std::size_t>(after - samples.time.begin()), 1,
                                              samples.size() - 1);
    series.push_back(bridge(samples, next - 1, at));
  }
  return series;
}

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

// Median over both fencers; nothing where shoulders or hips are never seen.
std::optional<double> torso_of(const types::Track& track) {
  std::vector<double> lengths;
  for (const TrackPoint& point : track.points)
    if (const auto length = torso_length(point.keypoints); length && *length > 0) lengths.push_back(*length);
  if (lengths.empty()) return std::nullopt;
  return median(std::move(lengths));
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

void fill_clock(const types::Tracks& tracks, double touch_time, Kinematics& out) {
  const auto& points = tracks.left.points;
  const double first = std::max(points.front().time, touch_time - kLongestPhrase);
  const double last = std::min(points.back().time, touch_time + kAfterTouch);
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
  const double from = clock.times.front() - 1;
  const auto points = plausible(tracks[side], from, clock.times.back() + 1, clock.unit);
  auto samples = collect(points, side, tracks.displacements);
  for (std::size_t joint = 0; joint < samples.size(); ++joint) {
    Samples& of = samples[joint];
    for (double& value : of.forward) value /= clock.unit;
    for (double& value : of.up) value /= clock.unit;
    drop_outliers(of.time, of.forward, kImpossible);
    drop_outliers(of.time, of.up, kImpossible);
    out.joints[joint] = resample(of, clock.times);
  }
  out.hips = middle(out[Part::rear_hip], out[Part::front_hip]);
  if (const auto torso = torso_of(tracks[side]); torso && !tracks.displacements)
    out.torso = *torso / clock.unit;
  return out;
}

}  // namespace

Kinematics measure(const types::Tracks& tracks, double touch_time) {
  Kinematics out;
  if (tracks.left.points.empty() || tracks.left.points.size() != tracks.right.points.size()) return out;
  if (!std::isfinite(touch_time)) return out;
  out.unit = unit_of(tracks);
  out.displacements = tracks.displacements;
  fill_clock(tracks, touch_time, out);
  for (const Side side : types::both_sides) out.fencers[side] = fencer_motion(tracks, side, out);
  if (out.fencers.left.hips.empty() || out.fencers.right.hips.empty()) return {};
  return out;
}

}  // namespace piste::referee
