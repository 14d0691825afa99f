#include "referee/fencing.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <vector>

#include "base/median.h"
#include "referee/closing.h"
#include "types/said.h"

namespace piste::referee {
namespace {

using types::said;
using types::Side;

// Lengths in units by the torso, which no start can falsify. Beside each limit what the recorded club phrases
// (135, both lamps) reach.
constexpr double kOutOfReach = 3.2;  // between the hips when they are closest to each other: 2.4
constexpr double kStill = 0.1;       // that the hips of one of them move: .25
constexpr double kStance = 0.4;      // of the wider one, nine tenths of the time below: .45
constexpr double kUpright = 0.75;    // the hips over the lower foot, of the one who is lower, median: .70
constexpr double kTogether = 0.22;   // stance of the wider one, a tenth of the time below, where both ...
constexpr double kHigh = 0.62;       // ... have their hips higher than this: .29; where they are so near: .61
constexpr double kTurned = -0.09;    // the nose before the shoulders, on average: -.02
constexpr double kBothTurned = -0.03;  // likewise, of both together: .01
constexpr double kLook = 1.0;          // s before the hit
constexpr double kNear = 0.5;          // s about the hit, in which they must come close
constexpr std::size_t kEnough = 10;    // measurements

struct Looked {
  std::size_t from = 0, to = 0;  // samples of the motion's clock, to is not in it
};

// By value at each sample where it is known.
template <class Value>
std::vector<double> known_values(Looked window, Value value) {
  std::vector<double> out;
  for (std::size_t i = window.from; i < window.to; ++i)
    if (const std::optional<double> one = value(i)) out.push_back(*one);
  return out;
}

std::optional<double> forward(const Series& series, std::size_t at) {
  if (series.empty() || !series[at].known) return std::nullopt;
  return series[at].forward;
}

std::optional<double> ahead(const Series& first, const Series& second, std::size_t at) {
  const auto a = forward(first, at), b = forward(second, at);
  return a && b ? std::optional(*a - *b) : std::nullopt;
}

std::optional<double> climb(const Series& upper, const Series& lower, std::size_t at) {
  if (!forward(upper, at) || !forward(lower, at)) return std::nullopt;
  return upper[at].up - lower[at].up;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double span_of(const std::vector<double>& values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return *most - *least;
}

// What is seen around the hit, as far as enough of it was measured.
class Scene {
 public:
  Scene(const Kinematics& motion, std::size_t hit) : motion_(motion), hit_(hit) {
    const auto back = static_cast<std::size_t>(kLook * kRate);
    look_ = {hit > back ? hit - back : 0, std::min(hit + 1, motion.size())};
    const double torso = (motion.fencers.left.torso + motion.fencers.right.torso) / 2;
    const bool both = motion.fencers.left.torso > 0 && motion.fencers.right.torso > 0;
    scale_ = both ? kTorso / torso : 0;
  }

  bool measured() const { return scale_ > 0; }

  // Where they are closest to each other.
  std::optional<double> apart() const {
    const auto about = static_cast<std::size_t>(kNear * kRate);
    const Looked near{hit_ > about ? hit_ - about : 0, std::min(hit_ + about + 1, motion_.size())};
    const auto found = known_values(near, [&](std::size_t i) -> std::optional<double> {
      const auto left = forward(motion_.fencers.left.hips, i), right = forward(motion_.fencers.right.hips, i);
      return left && right ? std::optional(-(*left + *right) * scale_) : std::nullopt;
    });
    if (found.size() < kEnough) return std::nullopt;
    return *std::min_element(found.begin(), found.end());
  }

  std::optional<double> moved(Side side) const {
    const auto found =
        known_values(look_, [&](std::size_t i) { return forward(motion_.fencers[side].hips, i); });
    return found.size() < kEnough ? std::nullopt : std::optional(span_of(found) * scale_);
  }

  // From foot to foot, for so much of the time less.
  std::optional<double> stance(Side side, double share) const {
    const FencerMotion& fencer = motion_.fencers[side];
    auto found = known_values(
        look_, [&](std::size_t i) { return ahead(fencer[Part::front_ankle], fencer[Part::rear_ankle], i); });
    if (found.size() < kEnough) return std::nullopt;
    const auto wide = found.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(found.size()));
    std::nth_element(found.begin(), wide, found.end());
    return *wide * scale_;
  }

  // His hips over the lower foot, by his own torso. Who walks lifts them on straight legs, however far he
  // steps.
  std::optional<double> height(Side side) const {
    const FencerMotion& fencer = motion_.fencers[side];
    const auto found = known_values(look_, [&](std::size_t i) -> std::optional<double> {
      const auto front = climb(fencer.hips, fencer[Part::front_ankle], i);
      const auto rear = climb(fencer.hips, fencer[Part::rear_ankle], i);
      return front && rear ? std::optional(std::max(*front, *rear)) : std::nullopt;
    });
    if (found.size() < kEnough) return std::nullopt;
    return base::median(found) * kTorso / fencer.torso;
  }

  // How far he looks towards the other one.
  std::optional<double> facing(Side side) const {
    const FencerMotion& fencer = motion_.fencers[side];
    const auto found = known_values(look_, [&](std::size_t i) -> std::optional<double> {
      const auto rear = ahead(fencer[Part::nose], fencer[Part::rear_shoulder], i);
      const auto front = ahead(fencer[Part::nose], fencer[Part::front_shoulder], i);
      return rear && front ? std::optional((*rear + *front) / 2) : std::nullopt;
    });
    return found.size() < kEnough ? std::nullopt : std::optional(mean(found) * scale_);
  }

  double time() const { return motion_.times[hit_]; }

 private:
  const Kinematics& motion_;
  const std::size_t hit_;  // sample
  Looked look_;
  double scale_ = 0;  // units by the torso in a unit of the motion
};

types::Said out_of_reach(const Scene& scene) {
  const auto apart = scene.apart();
  if (!apart || *apart < kOutOfReach) return "";
  return said("out_of_reach", {{"metres", *apart}});
}

types::Said turned_away(const Scene& scene) {
  const auto left = scene.facing(Side::left), right = scene.facing(Side::right);
  if (left && right && *left + *right < 2 * kBothTurned) return said("both_turned", {{"at", scene.time()}});
  for (const Side side : types::both_sides) {
    const auto& facing = side == Side::left ? left : right;
    if (facing && *facing < kTurned) return said("one_turned", {{"who", side}, {"at", scene.time()}});
  }
  return "";
}

// The legs of both are straight, or nearly so while they put one foot past the other again and again.
bool walking(const Scene& scene) {
  const auto one = scene.height(Side::left), other = scene.height(Side::right);
  if (!one || !other) return false;
  const auto near = scene.stance(Side::left, .1), far = scene.stance(Side::right, .1);
  const bool together = near && far && std::max(*near, *far) < kTogether;
  return std::min(*one, *other) > (together ? kHigh : kUpright);
}

types::Said standing(const Scene& scene) {
  const auto left = scene.moved(Side::left), right = scene.moved(Side::right);
  if (left && right && std::max(*left, *right) < kStill) return said("nobody_moves", {{"at", scene.time()}});
  const auto one = scene.stance(Side::left, .9), other = scene.stance(Side::right, .9);
  const bool narrow = one && other && std::max(*one, *other) < kStance;
  if (narrow || walking(scene)) return said("nobody_on_guard", {{"at", scene.time()}});
  return "";
}

types::Said first_of(std::initializer_list<types::Said> doubts) {
  for (const types::Said& doubt : doubts)
    if (!doubt.empty()) return doubt;
  return "";
}

std::size_t sample_at(const Kinematics& motion, double time) {
  const auto at = std::lower_bound(motion.times.begin(), motion.times.end(), time - 1e-6);
  return std::min(static_cast<std::size_t>(at - motion.times.begin()), motion.size() - 1);
}

}  // namespace

types::Said no_fencing(const Kinematics& motion) {
  if (motion.empty() || motion.displacements) return "";
  const Scene scene(motion, motion.touch);
  if (!scene.measured()) return "";
  const types::Said why = first_of({out_of_reach(scene), turned_away(scene), standing(scene)});
  if (why.empty() || estimate_hit(motion).doubt.empty()) return why;
  // By a clock that is wrong they only stand there, long before the hit or after it.
  const std::size_t end = sample_at(motion, *closing_ends(motion));
  const Scene met(motion, end);
  const bool still_closing = end + 1 == motion.size();
  return first_of({still_closing ? types::Said() : out_of_reach(met), turned_away(met), standing(met)});
}

}  // namespace piste::referee
