#include "bout/guard.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "base/median.h"

namespace piste::bout {
namespace {

using types::Side;
namespace joint = types::joint;

// Lengths are in torsos, shoulders to hips: about half a metre.
constexpr double feet_apart = .7;
constexpr double hand_forward = .4;  // before the hips
constexpr double hand_above_hips = .05;
constexpr double lowered = .1;   // at most so far above the hips
constexpr double nearest = 2.5;  // between the hips of both
constexpr double furthest = 14;
constexpr double still = .6;          // torsos/s
constexpr double speed_window = .15;  // s each way, and at least a frame
constexpr double slowest_step = .11;  // s from one to the next: with more a short guard is not seen
constexpr double least_hold = .5;     // s
constexpr double least_rest = 1;      // s, at most so long before the hit
constexpr double most_outside = .3;   // part of those in which it need not hold: skeletons flicker
constexpr double least_seen = .5;     // part of the frames
constexpr float least_score = .2F;

struct Middle {
  double x = 0;
  double y = 0;
};

std::optional<Middle> middle(const types::Keypoints& points, joint::Index left, joint::Index right) {
  if (points[left].score < least_score || points[right].score < least_score) return std::nullopt;
  return Middle{(points[left].x + points[right].x) / 2.0, (points[left].y + points[right].y) / 2.0};
}

double torso_of(const types::Track& track, std::size_t first, std::size_t end) {
  std::vector<double> lengths;
  for (std::size_t i = first; i < end; ++i) {
    const auto& keypoints = track.points[i].keypoints;
    const auto shoulders = middle(keypoints, joint::left_shoulder, joint::right_shoulder);
    const auto hips = middle(keypoints, joint::left_hip, joint::right_hip);
    if (track.points[i].seen && shoulders && hips)
      lengths.push_back(std::hypot(shoulders->x - hips->x, shoulders->y - hips->y));
  }
  return lengths.empty() ? 0 : base::median(std::move(lengths));
}

// One fencer in the frames that are looked at. step: s from one to the next.
class Fencer {
 public:
  Fencer(const types::Track& track, std::size_t first, std::size_t end, double step)
      : track_(track),
        torso_(torso_of(track, first, end)),
        forward_(track.side == Side::left ? 1 : -1),
        window_(std::max(speed_window, 1.1 * step)) {}

  double torso() const { return torso_; }
  std::optional<Middle> hips(std::size_t i) const {
    if (!track_.points[i].seen) return std::nullopt;
    return middle(track_.points[i].keypoints, joint::left_hip, joint::right_hip);
  }
  // Whether enough of the body is seen to tell, the right way up.
  bool told(std::size_t i) const {
    const auto& points = track_.points[i].keypoints;
    const auto hips_now = hips(i);
    const auto feet = middle(points, joint::left_ankle, joint::right_ankle);
    const auto& nose = points[joint::nose];
    return torso_ > 0 && hips_now && feet && nose.score >= least_score && nose.y < hips_now->y &&
           hips_now->y < feet->y;
  }
  bool on_guard(std::size_t i) const {
    if (!told(i)) return false;
    const auto& points = track_.points[i].keypoints;
    const auto hips_now = *hips(i);
    if (std::abs(points[joint::left_ankle].x - points[joint::right_ankle].x) < feet_apart * torso_)
      return false;
    return hand_is_forward(points, hips_now, hand_above_hips) && stands(i);
  }
  // Seen to have no weapon forward: a hand that is hidden tells nothing.
  bool at_ease(std::size_t i) const {
    if (!told(i)) return false;
    const auto& points = track_.points[i].keypoints;
    const bool hand_seen =
        std::max(points[joint::left_wrist].score, points[joint::right_wrist].score) >= least_score;
    return hand_seen && !hand_is_forward(points, *hips(i), lowered) && stands(i);
  }

 private:
  bool hand_is_forward(const types::Keypoints& points, const Middle& hips_now, double above) const {
    return std::ranges::any_of(std::array{joint::left_wrist, joint::right_wrist}, [&](joint::Index wrist) {
      const auto& hand = points[wrist];
      return hand.score >= least_score && forward_ * (hand.x - hips_now.x) > hand_forward * torso_ &&
             hips_now.y - hand.y > above * torso_;
    });
  }
  // The slope of the hips' way over some frames.
  bool stands(std::size_t i) const {
    const double now = track_.points[i].time;
    double count = 0, time = 0, place = 0, square = 0, product = 0;
    const auto take = [&](std::size_t k) {
      const auto at = hips(k);
      if (!at) return;
      const double t = track_.points[k].time - now;
      ++count, time += t, place += at->x, square += t * t, product += t * at->x;
    };
    for (std::size_t k = i; k > 0 && now - track_.points[k - 1].time <= window_; --k) take(k - 1);
    for (std::size_t k = i; k < track_.points.size() && track_.points[k].time - now <= window_; ++k) take(k);
    const double spread = count * square - time * time;
    return count >= 3 && spread > 0 && std::abs((count * product - time * place) / spread) < still * torso_;
  }

  const types::Track& track_;
  const double torso_;
  const double forward_;
  const double window_;  // s
};

double step_of(const std::vector<double>& times) {
  return times.size() < 2 ? 0 : (times.back() - times.front()) / static_cast<double>(times.size() - 1);
}

bool apart(const Fencer& left, const Fencer& right, std::size_t i) {
  const auto one = left.hips(i), other = right.hips(i);
  if (!one || !other) return false;
  const double distance = (other->x - one->x) / ((left.torso() + right.torso()) / 2);
  return distance > nearest && distance < furthest;
}

// When it last held for so long; times: of each. It may have held until the next frame of those that show it.
std::optional<double> last_held(const std::vector<bool>& holds, const std::vector<double>& times,
                                double seconds) {
  const double shown = seconds - step_of(times);
  for (std::size_t last = holds.size(); last-- > 0;) {
    if (!holds[last]) continue;
    double outside = 0;
    for (std::size_t begin = last; begin > 0; --begin) {
      if (times[last] - times[begin] >= shown) return times[last];
      outside += holds[begin - 1] ? 0 : 1;
      if (outside > most_outside * static_cast<double>(last - begin + 4)) break;
    }
  }
  return std::nullopt;
}

}  // namespace

Guard last_guard(const types::Tracks& tracks, double from, double before) {
  const auto& points = tracks.left.points;
  const auto index = [&](double time) {
    return static_cast<std::size_t>(std::ranges::lower_bound(points, time, {}, &types::TrackPoint::time) -
                                    points.begin());
  };
  const std::size_t first = index(from), end = index(before);
  std::vector<double> times;
  for (std::size_t i = first; i < end; ++i) times.push_back(points[i].time);
  const double step = step_of(times);
  const Fencer left(tracks.left, first, end, step), right(tracks.right, first, end, step);
  std::vector<bool> on_guard, at_ease;
  std::size_t told = 0;
  for (std::size_t i = first; i < end; ++i) {
    told += left.told(i) && right.told(i) ? 1 : 0;
    const bool far = apart(left, right, i);
    on_guard.push_back(far && left.on_guard(i) && right.on_guard(i));
    at_ease.push_back(far && left.at_ease(i) && right.at_ease(i));
  }
  const auto guard = last_held(on_guard, times, least_hold);
  const auto rest = last_held(at_ease, times, least_rest);
  const bool over = rest && *rest > before - least_rest;
  if (guard && (!over || *guard >= *rest)) return {Guard::Found::yes, *guard};
  const bool seen = end > first && static_cast<double>(told) >= least_seen * static_cast<double>(end - first);
  return {seen && (over || step < slowest_step) ? Guard::Found::no : Guard::Found::unseen, 0};
}

}  // namespace piste::bout
