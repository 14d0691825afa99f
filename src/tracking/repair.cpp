#include "tracking/repair.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "tracking/geometry.h"
#include "tracking/series.h"

namespace piste::tracking {
namespace {

using types::Keypoint;
using types::TrackPoint;
using namespace types::joint;

constexpr double median_reach = 0.05;    // s to either side: three frames of 30 a second
constexpr double mean_reach = 1.0 / 30;  // s, exclusive: nothing at 30 frames a second
constexpr double steadiness = 0.1;       // body heights that a keypoint may be off by noise
constexpr float filled_in = 0.5F;        // of the neighbours' score

// Body heights per s^2 that a limb has at most.
double acceleration(std::size_t joint) {
  switch (joint) {
    case left_wrist:
    case right_wrist:
      return 200;
    case left_elbow:
    case right_elbow:
      return 140;
    default:
      return 100;
  }
}

// Indexes of the points at which the joint is known.
std::vector<std::size_t> where_known(const Points& points, std::size_t joint) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (known(points[i].keypoints[joint])) found.push_back(i);
  }
  return found;
}

// On the straight line between two points.
Keypoint between(const TrackPoint& before, double time, const TrackPoint& after, std::size_t joint) {
  const Keypoint& a = before.keypoints[joint];
  const Keypoint& b = after.keypoints[joint];
  const double span = after.time - before.time;
  const double share = span > 0 ? (time - before.time) / span : 0.5;
  const auto mix = [share](float from, float to) { return static_cast<float>(from + (to - from) * share); };
  return {mix(a.x, b.x), mix(a.y, b.y), std::min(a.score, b.score)};
}

// How much further, in body heights, the keypoint is off the straight line between its neighbours than a limb
// can be.
double excess(const TrackPoint& before, const TrackPoint& now, const TrackPoint& after, std::size_t joint,
              double height) {
  if (after.time - before.time > longest_gap) return 0;
  const double curve = acceleration(joint) * (now.time - before.time) * (after.time - now.time) / 2;
  const Keypoint straight = between(before, now.time, after, joint);
  return distance(at(now.keypoints[joint]), at(straight)) / height - steadiness - curve;
}

struct Sample {
  std::size_t index;
  double time;
  Point place;
};

std::vector<Sample> samples(const Points& points, std::size_t joint, bool reliable) {
  std::vector<Sample> found;
  for (const std::size_t i : where_known(points, joint)) {
    if (points[i].reliable == reliable) found.push_back({i, points[i].time, at(points[i].keypoints[joint])});
  }
  return found;
}

// Each place as combine() makes it of the samples within reach, as many before as after: so there is no lag.
template <class Combine>
std::vector<Sample> combined(const std::vector<Sample>& all, double reach, Combine combine) {
  std::vector<Sample> result = all;
  std::size_t first = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    while (all[i].time - all[first].time > reach) ++first;
    while (last + 1 < all.size() && all[last + 1].time - all[i].time <= reach) ++last;
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(i);
    const auto wide = static_cast<std::ptrdiff_t>(std::min(i - first, last - i));
    if (wide > 0) result[i].place = combine(middle - wide, middle + wide + 1, all[i].time);
  }
  return result;
}

class MedianPlace {
 public:
  template <class Iterator>
  Point operator()(Iterator begin, Iterator end, double) {
    return {median(begin, end, &Point::x), median(begin, end, &Point::y)};
  }

 private:
  template <class Iterator>
  double median(Iterator begin, Iterator end, double Point::* coordinate) {
    values_.clear();
    for (auto it = begin; it != end; ++it) values_.push_back(it->place.*coordinate);
    const auto middle = values_.begin() + static_cast<std::ptrdiff_t>(values_.size() / 2);
    std::nth_element(values_.begin(), middle, values_.end());
    return *middle;
  }
  std::vector<double> values_;
};

struct WeightedMean {
  template <class Iterator>
  Point operator()(Iterator begin, Iterator end, double time) const {
    Point sum;
    double weights = 0;
    for (auto it = begin; it != end; ++it) {
      const double weight = 1 - std::abs(it->time - time) / mean_reach;
      sum = sum + it->place * weight;
      weights += weight;
    }
    return sum * (1 / weights);
  }
};

// As the nearest known one was; nothing where that is long ago.
Keypoint held(const TrackPoint& nearest, double time, std::size_t joint) {
  if (std::abs(nearest.time - time) > longest_gap + rounding) return {};
  Keypoint keypoint = nearest.keypoints[joint];
  keypoint.score *= filled_in;
  return keypoint;
}

Keypoint filled(const TrackPoint& before, double time, const TrackPoint& after, std::size_t joint) {
  if (after.time - before.time > longest_gap + rounding) return {};
  Keypoint keypoint = between(before, time, after, joint);
  keypoint.score *= filled_in;
  return keypoint;
}

}  // namespace

void drop_jumps(Points& points, double height) {
  for (std::size_t joint = 0; joint < count; ++joint) {
    const auto indexes = where_known(points, joint);
    std::vector<double> off(indexes.size());
    for (std::size_t i = 1; i + 1 < indexes.size(); ++i) {
      off[i] = excess(points[indexes[i - 1]], points[indexes[i]], points[indexes[i + 1]], joint, height);
    }
    for (std::size_t i = 1; i + 1 < indexes.size(); ++i) {
      // Beside a jump, a good keypoint is off too, but less.
      if (off[i] > 0 && off[i] >= off[i - 1] && off[i] >= off[i + 1])
        points[indexes[i]].keypoints[joint] = {};
    }
  }
}

void smooth(Points& points) {
  for (std::size_t joint = 0; joint < count; ++joint) {
    for (const bool reliable : {true, false}) {
      const auto steady = combined(samples(points, joint, reliable), median_reach + rounding, MedianPlace());
      for (const Sample& sample : combined(steady, mean_reach - rounding, WeightedMean())) {
        Keypoint& keypoint = points[sample.index].keypoints[joint];
        keypoint.x = static_cast<float>(sample.place.x);
        keypoint.y = static_cast<float>(sample.place.y);
      }
    }
  }
}

void fill_gaps(Points& points) {
  for (std::size_t joint = 0; joint < count; ++joint) {
    const auto indexes = where_known(points, joint);
    if (indexes.empty()) continue;
    auto next = indexes.begin();  // the first known one at or after i
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (next != indexes.end() && *next < i) ++next;
      if (next != indexes.end() && *next == i) continue;
      Keypoint& keypoint = points[i].keypoints[joint];
      if (next == indexes.begin()) {
        keypoint = held(points[*next], points[i].time, joint);
      } else if (next == indexes.end()) {
        keypoint = held(points[indexes.back()], points[i].time, joint);
      } else {
        keypoint = filled(points[*std::prev(next)], points[i].time, points[*next], joint);
      }
    }
  }
}

}  // namespace piste::tracking
