#include "referee/resample.h"

#include <algorithm>
#include <cmath>

namespace piste::referee {
namespace {

constexpr double kReach = 0.15;      // s: half width of the smoothing window
constexpr double kLongestGap = 0.4;  // s: longer holes are not bridged

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

}  // namespace

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

}  // namespace piste::referee
