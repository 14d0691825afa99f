#include "render/scene.h"

#include <algorithm>
#include <cmath>

namespace piste::render {
namespace {

// Fritsch and Carlson's slopes for even samples: 0 at a turning point, else the harmonic mean of both sides.
double slope(double before, double after) {
  return before * after <= 0 ? 0 : 2 * before * after / (before + after);
}

// From b (at 0) to c (at 1), with a before and d after them.
double monotone_cubic(double a, double b, double c, double d, double at) {
  const double rise = c - b;
  const double m0 = slope(b - a, rise);
  const double m1 = slope(rise, d - c);
  return b + at * (m0 + at * (3 * rise - 2 * m0 - m1 + at * (m0 + m1 - 2 * rise)));
}

Point blend(const Point& a, const Point& b, const Point& c, const Point& d, double at) {
  return {monotone_cubic(a.x, b.x, c.x, d.x, at), monotone_cubic(a.y, b.y, c.y, d.y, at)};
}

}  // namespace

Stance FencerTrack::at(double time) const {
  const auto last = static_cast<std::ptrdiff_t>(stances.size()) - 1;
  const double place = std::clamp(time * rate, 0.0, static_cast<double>(last));
  const auto index = static_cast<std::ptrdiff_t>(place);
  const double part = place - static_cast<double>(index);
  const auto sample = [&](std::ptrdiff_t i) -> const Stance& {
    return stances[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(i, 0, last))];
  };
  if (part < 1e-9) return sample(index);
  const Stance& a = sample(index - 1);
  const Stance& b = sample(index);
  const Stance& c = sample(index + 1);
  const Stance& d = sample(index + 2);
  Stance result;
  for (std::size_t j = 0; j < result.joints.size(); ++j) {
    result.joints[j] = blend(a.joints[j], b.joints[j], c.joints[j], d.joints[j], part);
  }
  result.tip = blend(a.tip, b.tip, c.tip, d.tip, part);
  return result;
}

}  // namespace piste::render
