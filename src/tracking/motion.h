// Where a body will be: constant velocity of the box's middle, smoothed size. All constants are in seconds,
// so that it behaves alike at any frame rate.
#pragma once

#include "tracking/geometry.h"
#include "types/pose.h"

namespace piste::tracking {

class Motion {
 public:
  // At rest.
  Motion(double time, const types::BoundingBox& box);
  // time: not before the last one.
  void update(double time, const types::BoundingBox& box);
  // The velocity fades the longer the body is out of sight.
  types::BoundingBox predicted(double time) const;
  double last_seen() const { return time_; }
  Point velocity() const { return velocity_; }

 private:
  double time_;
  Point middle_;
  Point velocity_;  // pixels per second
  double width_;
  double height_;
};

}  // namespace piste::tracking
