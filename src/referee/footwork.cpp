#include "referee/footwork.h"

#include <algorithm>
#include <cmath>

namespace piste::referee {
namespace {

using types::Side;

constexpr double kShortestAction = 0.1;  // s: shorter stretches belong to what surrounds them

Act going(double speed) {
  if (speed > kStopped) return Act::advance;
  return speed < -kStopped ? Act::retreat : Act::pause;
}

std::vector<Span> stretches(const Series& hips, Side side) {
  std::vector<Span> out;
  for (std::size_t i = 0; i < hips.size(); ++i) {
    const Act act = going(hips[i].speed);
    if (out.empty() || out.back().act != act) out.push_back({act, side, i, i});
    out.back().last = i;
  }
  return out;
}

// Stretches too short to be an action are given to the one before.
std::vector<Span> merged(const std::vector<Span>& in) {
  std::vector<Span> out;
  for (const Span& span : in) {
    const bool brief = static_cast<double>(span.last - span.first + 1) < kShortestAction * kRate;
    if (!out.empty() && (brief || out.back().act == span.act)) {
      out.back().last = span.last;
    } else {
      out.push_back(span);
    }
  }
  return out;
}

double sureness(const Series& hips, const Span& span) {
  const double speed = mean_speed(hips, span.first, span.last);
  const double known = part_known(hips, span.first, span.last);
  if (span.act == Act::advance) return known * above(speed, kStopped);
  if (span.act == Act::retreat) return known * above(-speed, kStopped);
  return known * above(kStopped, std::abs(speed));
}

// The widest stance within kLungeTime after i, before the stance narrows again.
std::size_t widest_after(const std::vector<double>& stance, std::size_t i) {
  const std::size_t end = std::min(stance.size() - 1, i + static_cast<std::size_t>(kLungeTime * kRate));
  std::size_t best = i;
  for (std::size_t k = i; k <= end && stance[k] >= stance[i] - 1e-9; ++k)
    if (stance[k] > stance[best]) best = k;
  return best;
}

double fastest(const Series& series, std::size_t first, std::size_t last) {
  double out = series[first].speed;
  for (std::size_t i = first; i <= last; ++i) out = std::max(out, series[i].speed);
  return out;
}

// The stance begins to open where it has opened by a tenth.
std::size_t opening(const std::vector<double>& stance, std::size_t first, std::size_t last) {
  const double begun = stance[first] + (stance[last] - stance[first]) / 10;
  while (first < last && stance[first + 1] < begun) ++first;
  return first;
}

}  // namespace

double above(double speed, double limit) {
  return 1 / (1 + std::exp(-(speed - limit) / kSpeedError));
}

double part_known(const Series& hips, std::size_t first, std::size_t last) {
  double known = 0;
  for (std::size_t i = first; i <= last; ++i) known += hips[i].known ? 1 : 0;
  return known / static_cast<double>(last - first + 1);
}

double mean_speed(const Series& hips, std::size_t first, std::size_t last) {
  double sum = 0;
  for (std::size_t i = first; i <= last; ++i) sum += hips[i].speed;
  return sum / static_cast<double>(last - first + 1);
}

std::vector<Span> find_footwork(const Kinematics& motion, Side side) {
  const Series& hips = motion.fencers[side].hips;
  std::vector<Span> out = merged(stretches(hips, side));
  for (Span& span : out) span.confidence = sureness(hips, span);
  return out;
}

std::vector<Span> find_lunges(const Kinematics& motion, Side side) {
  const FencerMotion& fencer = motion.fencers[side];
  const Series& front = fencer[Part::front_ankle];
  const Series& rear = fencer[Part::rear_ankle];
  std::vector<Span> out;
  if (front.empty() || rear.empty()) return out;
  std::vector<double> stance(front.size());
  for (std::size_t i = 0; i < stance.size(); ++i) stance[i] = front[i].forward - rear[i].forward;
  for (std::size_t i = 0; i + 1 < stance.size(); ++i) {
    const std::size_t widest = widest_after(stance, i);
    const double widening = stance[widest] - stance[i];
    if (widening < kLungeWidening || fastest(front, i, widest) < kLungeSpeed) continue;
    const double sure = 1 - std::exp(-3 * widening / kLungeWidening);
    out.push_back({Act::lunge, side, opening(stance, i, widest), widest,
                   sure * std::min(part_known(front, i, widest), part_known(rear, i, widest))});
    i = widest;
  }
  return out;
}

}  // namespace piste::referee
