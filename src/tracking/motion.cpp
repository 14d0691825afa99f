#include "tracking/motion.h"

#include <algorithm>
#include <cmath>

#include "tracking/body.h"

namespace piste::tracking {
namespace {

constexpr double velocity_memory = 0.08;  // s
constexpr double fading = 0.25;           // s, in which an unseen body's velocity falls to 1/e
constexpr double growing = 0.03;          // s: a lunge must not outgrow its crop
constexpr double shrinking = 0.30;        // s
constexpr double tall_memory = 0.6;       // s
constexpr double most_resized = 0.32;     // logarithm of the ratio
constexpr double most_unlike = 0.3;       // of what he wears
constexpr double fastest = 6;             // extents per second

double followed(double value, double target, double dt, double memory) {
  return target + (value - target) * std::exp(-dt / memory);
}

double sized(double value, double target, double dt) {
  return followed(value, target, dt, target > value ? growing : shrinking);
}

}  // namespace

Motion::Motion(double time, const types::Pose& body)
    : time_(time),
      middle_(centre(body.box)),
      width_(body.box.width()),
      height_(body.box.height()),
      tall_(std::max(1.0, stature(body))),
      clothes_(body.clothes) {}

Motion Motion::moved(double time, const types::BoundingBox& box) const {
  Motion there = *this;
  there.time_ = time;
  there.middle_ = centre(box);
  there.velocity_ = {};
  there.width_ = box.width();
  there.height_ = box.height();
  return there;
}

double Motion::changed(const types::Pose& body) const {
  const double resized = std::abs(std::log(std::max(1.0, stature(body)) / tall_));
  return std::max(resized / most_resized, unlike(clothes_, body.clothes) / most_unlike);
}

void Motion::update(double time, const types::Pose& body) {
  const auto& box = body.box;
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
  known_for_ += dt;
  const double memory = std::min(known_for_, tall_memory);  // the first sight is as good as the second
  tall_ = followed(tall_, std::max(1.0, stature(body)), dt, memory);
  clothes_ = mixed(clothes_, body.clothes, 1 - std::exp(-dt / memory));
  middle_ = centre(box);
  time_ = time;
}

types::BoundingBox Motion::predicted(double time) const {
  const double ahead = fading * (1 - std::exp(-std::max(0.0, time - time_) / fading));
  return box_around(middle_ + velocity_ * ahead, width_, height_);
}

}  // namespace piste::tracking
