#include "tracking/motion.h"

#include <cmath>

namespace piste::tracking {
namespace {

constexpr double velocity_memory = 0.08;  // s
constexpr double fading = 0.25;           // s, in which an unseen body's velocity falls to 1/e
constexpr double growing = 0.03;          // s: a lunge must not outgrow its crop
constexpr double shrinking = 0.30;        // s
constexpr double fastest = 6;             // extents per second

double followed(double value, double target, double dt, double memory) {
  return target + (value - target) * std::exp(-dt / memory);
}

double sized(double value, double target, double dt) {
  return followed(value, target, dt, target > value ? growing : shrinking);
}

}  // namespace

Motion::Motion(double time, const types::BoundingBox& box)
    : time_(time), middle_(centre(box)), width_(box.width()), height_(box.height()) {}

void Motion::update(double time, const types::BoundingBox& box) {
  const double dt = time - time_;
  if (dt <= 0) {  // a better measure of the same moment
    middle_ = centre(box);
    width_ = box.width();
    height_ = box.height();
    return;
  }
  Point measured = (centre(box) - middle_) * (1 / dt);
  const double limit = fastest * extent(box);
  if (length(measured) > limit) measured = measured * (limit / length(measured));
  velocity_.x = followed(velocity_.x, measured.x, dt, velocity_memory);
  velocity_.y = followed(velocity_.y, measured.y, dt, velocity_memory);
  width_ = sized(width_, box.width(), dt);
  height_ = sized(height_, box.height(), dt);
  middle_ = centre(box);
  time_ = time;
}

types::BoundingBox Motion::predicted(double time) const {
  const double ahead = fading * (1 - std::exp(-std::max(0.0, time - time_) / fading));
  return box_around(middle_ + velocity_ * ahead, width_, height_);
}

}  // namespace piste::tracking
