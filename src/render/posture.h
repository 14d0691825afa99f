// A fencer's body in three dimensions: feet, trunk and weapon hand -> 17 keypoints as a camera at the side
// sees them.
#pragma once

#include "render/scene.h"

namespace piste::render {

// Metres in the fencer's own directions.
struct Vec3 {
  double forward = 0;  // towards the opponent
  double up = 0;       // from the floor
  double aside = 0;    // to the weapon's side
};

inline Vec3 operator+(Vec3 a, Vec3 b) {
  return {a.forward + b.forward, a.up + b.up, a.aside + b.aside};
}
inline Vec3 operator-(Vec3 a, Vec3 b) {
  return {a.forward - b.forward, a.up - b.up, a.aside - b.aside};
}
inline Vec3 operator*(Vec3 a, double k) {
  return {a.forward * k, a.up * k, a.aside * k};
}

// How the weapon is held.
struct Guard {
  Vec3 hand;             // the wrist, seen from the weapon's shoulder, of a person of 1.80 m
  double elevation = 0;  // of the blade over the horizon, rad
  double aim = 0;        // 0: the blade points where elevation says, 1: at the opponent
};

// Everything that moves, at one moment. Forward positions are counted from the middle of the piste.
struct Posture {
  double front_foot = 0;  // m
  double rear_foot = 0;
  double front_lift = 0;  // m over the floor
  double rear_lift = 0;
  double share = .46;  // where the hips are between the rear (0) and the front foot (1)
  double hips =
      .72;  // height over the ankles that the fencer wants, of a person of 1.80 m; the legs may not reach
  double lean = .1;     // of the trunk, forward, rad
  double turn = .9;     // of the shoulders: 0 square to the opponent, pi/2 sideways
  double rear_arm = 0;  // 0: on the hip, 1: thrown back
  Guard guard;
};

struct Build {
  double height = 1.8;
  bool right_handed = true;
  double direction = 1;  // +1: attacks to the right in the picture
};

struct Body {
  Skeleton joints;  // units of the scene
  Point hand;       // where the blade begins
  Point target;     // what the opponent aims at
};

Body take_posture(const Posture& posture, const Build& build);

// The blade's tip: 0.88 m from the hand, or on the opponent where it arrives.
Point blade_tip(const Posture& posture, const Build& build, Point hand, Point target);

}  // namespace piste::render
