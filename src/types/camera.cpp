#include "types/camera.h"

#include <algorithm>
#include <cmath>

namespace piste::types {
namespace {

template <class Carry>
void carry_each(std::vector<TrackPoint>& points, const CameraMotion& motion, Carry carry) {
  for (TrackPoint& point : points) {
    const CameraFrame* frame = motion.at(point.number);
    if (!frame || frame->view.still()) continue;
    const View view = carry(frame->view);
    for (Keypoint& keypoint : point.keypoints) keypoint = moved(view, keypoint);
  }
}

}  // namespace

double View::zoom() const {
  return std::hypot(a, b);
}

double View::roll() const {
  return std::atan2(b, a);
}

View inverse(const View& view) {
  const double square = view.a * view.a + view.b * view.b;
  const View turned{view.a / square, -view.b / square, 0, 0};
  return {turned.a, turned.b, -(turned.a * view.x - turned.b * view.y),
          -(turned.b * view.x + turned.a * view.y)};
}

View after(const View& then, const View& first) {
  return {then.a * first.a - then.b * first.b, then.b * first.a + then.a * first.b,
          then.a * first.x - then.b * first.y + then.x, then.b * first.x + then.a * first.y + then.y};
}

Keypoint moved(const View& view, const Keypoint& point) {
  return {static_cast<float>(view.a * point.x - view.b * point.y + view.x),
          static_cast<float>(view.b * point.x + view.a * point.y + view.y), point.score};
}

const CameraFrame* CameraMotion::at(std::int64_t number) const {
  const auto found =
      std::lower_bound(frames.begin(), frames.end(), number,
                       [](const CameraFrame& frame, std::int64_t wanted) { return frame.number < wanted; });
  return found != frames.end() && found->number == number ? &*found : nullptr;
}

void to_places(std::vector<TrackPoint>& points, const CameraMotion& motion) {
  carry_each(points, motion, [](const View& view) { return inverse(view); });
}

void to_pictures(std::vector<TrackPoint>& points, const CameraMotion& motion) {
  carry_each(points, motion, [](const View& view) { return view; });
}

}  // namespace piste::types
