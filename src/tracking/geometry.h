// Points and boxes in pixels.
#pragma once

#include <algorithm>
#include <cmath>

#include "types/pose.h"

namespace piste::tracking {

struct Point {
  double x = 0;
  double y = 0;
};

inline Point operator+(Point a, Point b) {
  return {a.x + b.x, a.y + b.y};
}
inline Point operator-(Point a, Point b) {
  return {a.x - b.x, a.y - b.y};
}
inline Point operator*(Point a, double factor) {
  return {a.x * factor, a.y * factor};
}
inline double length(Point a) {
  return std::hypot(a.x, a.y);
}
inline double distance(Point a, Point b) {
  return length(a - b);
}
inline Point at(const types::Keypoint& keypoint) {
  return {keypoint.x, keypoint.y};
}

inline Point centre(const types::BoundingBox& box) {
  return {(box.left + box.right) / 2.0, (box.top + box.bottom) / 2.0};
}

inline double extent(const types::BoundingBox& box) {
  return std::max(box.width(), box.height());
}

inline types::BoundingBox box_around(Point middle, double width, double height) {
  return {static_cast<float>(middle.x - width / 2), static_cast<float>(middle.y - height / 2),
          static_cast<float>(middle.x + width / 2), static_cast<float>(middle.y + height / 2)};
}

inline types::BoundingBox between(const types::BoundingBox& a, const types::BoundingBox& b, float share) {
  const auto mix = [share](float from, float to) { return from + (to - from) * share; };
  return {mix(a.left, b.left), mix(a.top, b.top), mix(a.right, b.right), mix(a.bottom, b.bottom)};
}

}  // namespace piste::tracking
