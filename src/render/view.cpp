#include "render/view.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace piste::render {
namespace {

constexpr double picture_width = 10.16;  // units: 126 px each in a picture of 1280 px
constexpr double picture_height = 5.715;
constexpr double torso = .50;  // metres from the hips to the shoulders; other measures are of such a person
constexpr double ankle_height = .09;
constexpr double smallest_torso =
    .02;                             // units: a fencer whose joints lie on one point has a size all the same
constexpr double smallest_body = 8;  // pixels a metre: below this nothing can be told apart

struct Bounds {
  Point low{1e9, 1e9};
  Point high{-1e9, -1e9};
  Point middle() const { return {(low.x + high.x) / 2, (low.y + high.y) / 2}; }

  void take(const Point& point) {
    low = {std::min(low.x, point.x), std::min(low.y, point.y)};
    high = {std::max(high.x, point.x), std::max(high.y, point.y)};
  }
};

// body: units a metre.
Bounds bounds_of(const Scene& scene, double body) {
  Bounds bounds;
  for (const types::Side side : types::both_sides) {
    for (const Stance& stance : scene.fencers[side].stances) {
      for (const Point& point : stance.joints) bounds.take(point);
    }
  }
  // Room for the mask, a shoe, a hand.
  bounds.low = {bounds.low.x - .35 * body, bounds.low.y - .30 * body};
  bounds.high = {bounds.high.x + .35 * body, bounds.high.y + .25 * body};
  return bounds;
}

// Moves the picture's middle only as far as it must to hold low..high.
double fit(double middle, double half, double low, double high) {
  if (high - low >= 2 * half) return (low + high) / 2;
  return std::clamp(middle, high - half, low + half);
}

double quantile(std::vector<double> values, double part) {
  const auto at = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

Point middle(const Skeleton& joints, std::size_t a, std::size_t b) {
  return {(joints[a].x + joints[b].x) / 2, (joints[a].y + joints[b].y) / 2};
}

// Where the fencer's feet are on the floor: most of the time the lower ankle is on it.
Point stand(const FencerTrack& track, double body) {
  std::vector<double> x;
  std::vector<double> y;
  for (const Stance& stance : track.stances) {
    x.push_back(middle(stance.joints, types::joint::left_ankle, types::joint::right_ankle).x);
    y.push_back(
        std::max(stance.joints[types::joint::left_ankle].y, stance.joints[types::joint::right_ankle].y));
  }
  return {quantile(std::move(x), .5), quantile(std::move(y), .7) + ankle_height * body};
}

// Units a metre of the fencer's body. A trunk that leans to the camera looks short: so not the median.
double body_size(const FencerTrack& track) {
  std::vector<double> lengths;
  for (const Stance& stance : track.stances) {
    const Point shoulders = middle(stance.joints, types::joint::left_shoulder, types::joint::right_shoulder);
    const Point hips = middle(stance.joints, types::joint::left_hip, types::joint::right_hip);
    lengths.push_back(std::hypot(shoulders.x - hips.x, shoulders.y - hips.y));
  }
  return std::max(quantile(std::move(lengths), .6) / torso, smallest_torso);
}

// A unit is about a metre, unless the fencers say otherwise (a row in pixels): then they are the measure.
double metre(double scale, const types::PerSide<double>& bodies) {
  const double body = (bodies.left + bodies.right) / 2;
  return body > .4 && body < 2.5 ? scale : scale * body;
}

}  // namespace

View choose_view(const Scene& scene, int width, int height) {
  const types::PerSide<double> bodies{body_size(scene.fencers.left), body_size(scene.fencers.right)};
  const Bounds bounds = bounds_of(scene, std::max(bodies.left, bodies.right));
  const Point left = stand(scene.fencers.left, bodies.left);
  const Point right = stand(scene.fencers.right, bodies.right);
  View view;
  view.width = width;
  view.height = height;
  const double width_of_all = std::max(bounds.high.x - bounds.low.x, 1e-6);
  const double height_of_all = std::max(bounds.high.y - bounds.low.y, 1e-6);
  const double usual = std::min(width / picture_width, height / picture_height) / metre(1, bodies);
  view.scale = std::min({usual, width / width_of_all, height / height_of_all});
  view.metre = metre(view.scale, bodies);
  const double half_width = width / view.scale / 2;
  const double half_height = height / view.scale / 2;
  const Point floor{(left.x + right.x) / 2, (left.y + right.y) / 2};
  // The floor lies at 77 % of the picture's height.
  const Point centre{fit(scene.centre.value_or(bounds.middle().x), half_width, bounds.low.x, bounds.high.x),
                     fit(floor.y - .54 * half_height, half_height, bounds.low.y, bounds.high.y)};
  view.origin = {width / 2.0 - view.scale * centre.x, height / 2.0 - view.scale * centre.y};
  const Vec floor_pixels = view.pixels(floor);
  view.floor = {floor_pixels.x, floor_pixels.y};
  if (std::abs(right.x - left.x) > 1)
    view.slope = std::clamp((right.y - left.y) / (right.x - left.x), -.1, .1);
  for (const types::Side side : types::both_sides) {
    view.body[side] = std::max(smallest_body, view.scale * bodies[side]);
  }
  return view;
}

}  // namespace piste::render
