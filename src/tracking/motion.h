// Where a body will be: constant velocity of the box's middle, smoothed size; and how tall it is and what
// it wears, which tell it from others. All constants are in seconds, so that it behaves alike at any frame
// rate.
#pragma once

#include <optional>

#include "tracking/geometry.h"
#include "types/pose.h"

namespace piste::tracking {

class Motion {
 public:
  // At rest.
  Motion(double time, const types::Pose& body);
  // time: not before the last one.
  void update(double time, const types::Pose& body);
  // The same body at rest, where it was seen at another time.
  Motion moved(double time, const types::BoundingBox& box) const;
  // The velocity fades the longer the body is out of sight.
  types::BoundingBox predicted(double time) const;
  double last_seen() const { return time_; }
  Point velocity() const { return velocity_; }
  // How unlike this body such a one is in size and clothes: 1 is as much as a camera that zooms, other light,
  // and the networks' errors, make of it.
  double changed(const types::Pose& body) const;

 private:
  double time_;
  Point middle_;
  Point velocity_;  // pixels per second
  double width_;
  double height_;
  double tall_;  // px
  std::optional<types::Clothes> clothes_;
  double known_for_ = 0;  // s
};

}  // namespace piste::tracking
