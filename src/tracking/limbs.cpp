#include "tracking/limbs.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "tracking/geometry.h"
#include "tracking/series.h"

namespace piste::tracking {
namespace {

using types::Keypoint;
using namespace types::joint;

// Lengths in body heights.
constexpr double collapsed = 0.06;        // between a pair of limbs that were found in one place
constexpr double spread = 0.15;           // between the same limbs just before and after
constexpr double resting = 0.3;           // of that spread: the one limb has hardly moved meanwhile
constexpr double longest_collapse = 0.2;  // s, from before to after
constexpr double exchange_penalty = 0.2;  // per second: the model's own naming is mostly right

// Left and right limb over the frames in which both are known.
class LimbPair {
 public:
  LimbPair(Points& points, std::size_t left, double height) : points_(points), left_(left), height_(height) {
    for (std::size_t i = 0; i < points_.size(); ++i) {
      if (known(points_[i].keypoints[left_]) && known(points_[i].keypoints[left_ + 1]))
        frames_.push_back({i, {}, {}});
    }
  }

  void drop_collapsed();
  void untangle();

 private:
  // For each frame there are two states: as the model named the limbs (0), or exchanged (1).
  struct Frame {
    std::size_t point;
    std::array<double, 2> cost;  // of the best path through the phrase up to here, by state
    std::array<int, 2> from;     // state before, on that path
  };

  Point place(std::size_t frame, int limb) const {
    return at(points_[frames_[frame].point].keypoints[left_ + static_cast<std::size_t>(limb)]);
  }
  double time(std::size_t frame) const { return points_[frames_[frame].point].time; }
  bool reliable(std::size_t frame) const { return points_[frames_[frame].point].reliable; }
  double width(std::size_t frame) const { return distance(place(frame, 0), place(frame, 1)) / height_; }
  bool rests(std::size_t in_place_of_one, std::size_t apart) const;
  double moved(std::size_t before, int from, std::size_t now, int to) const;
  void step(std::size_t now);

  Points& points_;
  const std::size_t left_;  // joint; the right one follows it
  const double height_;
  std::vector<Frame> frames_;
};

// Whether one of the limbs was where both of them were found.
bool LimbPair::rests(std::size_t in_place_of_one, std::size_t apart) const {
  const Point found = (place(in_place_of_one, 0) + place(in_place_of_one, 1)) * 0.5;
  const double off = std::min(distance(found, place(apart, 0)), distance(found, place(apart, 1))) / height_;
  return width(apart) > spread && off < resting * width(apart);
}

void LimbPair::drop_collapsed() {
  for (std::size_t first = 1; first + 1 < frames_.size(); ++first) {
    if (width(first) > collapsed) continue;
    std::size_t after = first + 1;
    while (after < frames_.size() && width(after) <= collapsed) ++after;
    if (after == frames_.size()) return;
    const bool brief = time(after) - time(first - 1) <= longest_collapse + rounding;
    if (brief && rests(first, first - 1) && rests(after - 1, after)) {
      for (std::size_t i = first; i < after; ++i) {
        auto& keypoints = points_[frames_[i].point].keypoints;
        keypoints[left_] = keypoints[left_ + 1] = {};
      }
    }
    first = after;
  }
}

double LimbPair::moved(std::size_t before, int from, std::size_t now, int to) const {
  return distance(place(before, from), place(now, to)) +
         distance(place(before, 1 - from), place(now, 1 - to));
}

void LimbPair::step(std::size_t now) {
  const Frame& before = frames_[now - 1];
  Frame& frame = frames_[now];
  const double dt = time(now) - time(now - 1);
  // What was seen in the clash says nothing about who is who before and after it.
  const bool gap = dt > longest_gap || reliable(now) != reliable(now - 1);
  for (const int to : {0, 1}) {
    const double keep = before.cost[to] + (gap ? 0 : moved(now - 1, to, now, to));
    const double change = before.cost[1 - to] + (gap ? 0 : moved(now - 1, 1 - to, now, to));
    frame.from[to] = change < keep ? 1 - to : to;
    frame.cost[to] = std::min(keep, change) + (to == 1 ? exchange_penalty * height_ * dt : 0);
  }
}

void LimbPair::untangle() {
  if (frames_.empty()) return;
  for (std::size_t i = 1; i < frames_.size(); ++i) step(i);
  int state = frames_.back().cost[1] < frames_.back().cost[0] ? 1 : 0;
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
    auto& keypoints = points_[frame->point].keypoints;
    if (state == 1) std::swap(keypoints[left_], keypoints[left_ + 1]);
    state = frame->from[state];
  }
}

}  // namespace

void drop_collapsed(Points& points, double height) {
  for (const auto left : {left_elbow, left_wrist, left_knee, left_ankle})
    LimbPair(points, left, height).drop_collapsed();
}

void untangle(Points& points, double height) {
  for (const auto left : {left_elbow, left_wrist, left_hip, left_knee, left_ankle}) {
    LimbPair(points, left, height).untangle();
  }
}

}  // namespace piste::tracking
