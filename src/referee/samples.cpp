#include "referee/samples.h"

#include <algorithm>
#include <cmath>

#include "base/median.h"

namespace piste::referee {
namespace {

using types::Side;
using types::TrackPoint;

constexpr float kFaint = 0.1F;               // keypoint scores below this are guesses
constexpr float kFarthest = 1e9F;            // units, pixels: nothing is farther from anything
constexpr double kFastest = 7;               // units/s: no fencer's hips are faster
constexpr double kSlack = 0.15;              // units: what the keypoints' noise adds to a step
constexpr double kAside = 1;                 // units/s off his course, of who is taken up again
constexpr double kHole = 0.15;               // s: two frames of 15 a second, and no more, are no hole
constexpr std::size_t kLongestAbsence = 45;  // frames: how far back a track may be taken up again
constexpr double kImpossible =
    0.6;  // units: a joint that leaves its neighbours by more, for a frame or two, is not there

// The pair's joints in order: rear first. One of two seen alone could be either, and is left out.
void add_pair(const types::Keypoints& points, std::size_t rear, double towards, double time, bool sorted,
              JointSamples& out) {
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

using Place = std::array<double, 2>;

// A point in a chain of those that one body could have passed through.
struct Link {
  const TrackPoint* point;
  Place place;
  std::size_t length;
  std::size_t before;    // index of the link before it; its own: the first
  bool goes_on = false;  // the very next point is within its reach
};

// units/s towards `to`, as the chain came to its link `at`.
double speed_towards(const std::vector<Link>& chain, std::size_t at, const Place& to, double unit) {
  std::size_t from = at;
  while (chain[at].point->time - chain[from].point->time < kSpeedTime && chain[from].before != from)
    from = chain[from].before;
  const double time = chain[at].point->time - chain[from].point->time;
  const double dx = to[0] - chain[at].place[0], dy = to[1] - chain[at].place[1];
  const double far = std::hypot(dx, dy);
  if (!(time > 0) || !(far > 0)) return 0;
  const double along =
      (chain[at].place[0] - chain[from].place[0]) * dx + (chain[at].place[1] - chain[from].place[1]) * dy;
  return along / far / time / unit;
}

double step_between(const Link& one, const Link& other, double unit) {
  return std::hypot(one.place[0] - other.place[0], one.place[1] - other.place[1]) / unit;
}

bool within_reach(const std::vector<Link>& chain, std::size_t before, const Link& link, double unit) {
  const double time = link.point->time - chain[before].point->time;
  const double step = step_between(chain[before], link, unit);
  if (step <= kSlack) return true;
  if (time <= kHole) return step <= kSlack + kFastest * time;
  return speed_reached(step, time, speed_towards(chain, before, link.place, unit)) <= kFastest;
}

// Good points are not left out to make a hole, in which anything could be reached: what goes on beside them
// is taken up only where he must be by now.
bool on_course(const std::vector<Link>& chain, std::size_t before, const Link& link, double unit) {
  const double speed = std::max(0.0, speed_towards(chain, before, link.place, unit));
  const double time = link.point->time - chain[before].point->time;
  return step_between(chain[before], link, unit) <= kSlack + (std::min(speed, kFastest) + kAside) * time;
}

// The longest chain of seen points in which no step is faster than a fencer can be.
std::vector<const TrackPoint*> longest_chain(const std::vector<const TrackPoint*>& points, double unit) {
  std::vector<Link> chain;
  std::size_t best = 0;
  for (const TrackPoint* point : points) {
    const auto place = point->seen ? body_place(point->keypoints) : std::nullopt;
    if (!place) continue;
    Link link{point, *place, 1, chain.size()};
    const bool follows = !chain.empty() && within_reach(chain, chain.size() - 1, link, unit);
    if (!chain.empty()) chain.back().goes_on = follows;
    for (std::size_t back = 1; back <= std::min(chain.size(), kLongestAbsence); ++back) {
      const std::size_t before = chain.size() - back;
      if (chain[before].length + 1 <= link.length) continue;
      const bool fits = back == 1                          ? follows
                        : follows || chain[before].goes_on ? on_course(chain, before, link, unit)
                                                           : within_reach(chain, before, link, unit);
      if (!fits) continue;
      link.length = chain[before].length + 1;
      link.before = before;
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

// The points of the track that one body could have passed through. What is left out (the pose settled on
// another person, or on the opponent) becomes a gap; what was filled in beside it is left out with it.
std::vector<const TrackPoint*> plausible(const types::Track& track, double from, double to, double unit) {
  std::vector<const TrackPoint*> points;
  for (const TrackPoint& point : track.points)
    if (point.time >= from && point.time <= to) points.push_back(&point);
  const auto chain = longest_chain(points, unit);
  std::vector<const TrackPoint*> out, filled;
  auto next = chain.begin();
  bool left_out = chain.empty();  // the latest point that was seen
  for (const TrackPoint* point : points) {
    if (!point->seen) {
      filled.push_back(point);
      continue;
    }
    const bool holds = next != chain.end() && *next == point;
    if (holds && !left_out) out.insert(out.end(), filled.begin(), filled.end());
    filled.clear();
    left_out = !holds;
    if (holds) out.push_back(*next++);
  }
  if (!left_out) out.insert(out.end(), filled.begin(), filled.end());
  return out;
}

JointSamples collect(const std::vector<const TrackPoint*>& points, Side side, bool sorted) {
  JointSamples out;
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
  constexpr std::size_t beside = 3;
  const std::vector<double> raw = values;
  std::array<double, 2 * beside + 1> near{};
  for (std::size_t i = 0; i < raw.size(); ++i) {
    auto end = near.begin();
    for (std::size_t j = i >= beside ? i - beside : 0; j < raw.size() && j <= i + beside; ++j)
      if (std::abs(time[j] - time[i]) < 0.21) *end++ = raw[j];
    if (end - near.begin() < 3) continue;
    const double middle = base::median(near.begin(), end);
    if (std::abs(raw[i] - middle) > limit) values[i] = middle;
  }
}

}  // namespace

bool usable(const types::Keypoint& point) {
  // What is no number is not within it either.
  return point.score >= kFaint && std::abs(point.x) <= kFarthest && std::abs(point.y) <= kFarthest;
}

double speed_reached(double distance, double time, double speed_before) {
  const double mean = distance / time;
  return time <= kHole ? mean : 2 * mean - std::clamp(speed_before, 0.0, mean);
}

JointSamples joint_samples(const types::Tracks& tracks, Side side, double from, double to, double unit) {
  const auto points = plausible(tracks[side], from, to, unit);
  JointSamples out = collect(points, side, tracks.displacements);
  for (Samples& of : out) {
    for (double& value : of.forward) value /= unit;
    for (double& value : of.up) value /= unit;
    drop_outliers(of.time, of.forward, kImpossible);
    drop_outliers(of.time, of.up, kImpossible);
  }
  return out;
}

}  // namespace piste::referee
