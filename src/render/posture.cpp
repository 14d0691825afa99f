#include "render/posture.h"

#include <algorithm>
#include <cmath>

namespace piste::render {
namespace {

namespace joint = types::joint;

// Of a person of 1.80 m.
constexpr double ankle = .09, shin = .41, thigh = .43, hip_half = .105, spine = .50, shoulder_half = .17;
constexpr double upper_arm = .29, forearm = .26, wrist_to_grip = .075;
constexpr double blade = .88;
constexpr double tilt = .10;  // how much lower nearer things appear: the camera looks down a little

double dot(Vec3 a, Vec3 b) {
  return a.forward * b.forward + a.up * b.up + a.aside * b.aside;
}
double size(Vec3 a) {
  return std::sqrt(dot(a, a));
}

Vec3 normal(Vec3 a) {
  const double length = size(a);
  return length > 1e-9 ? a * (1 / length) : Vec3{1, 0, 0};
}

struct Limb {
  Vec3 root;
  Vec3 hinge;
  Vec3 end;
};

// Two bones from root towards the end; the hinge bends to the pole's side. An end out of reach is drawn in.
Limb bend(Vec3 root, Vec3 end, double first, double second, Vec3 pole) {
  const Vec3 along = normal(end - root);
  const double reach = std::clamp(size(end - root), std::abs(first - second) + .02, (first + second) * .998);
  const double to_foot = (first * first - second * second + reach * reach) / (2 * reach);
  const double height = std::sqrt(std::max(0.0, first * first - to_foot * to_foot));
  const Vec3 out = normal(pole - along * dot(pole, along));
  return {root, root + along * to_foot + out * height, root + along * reach};
}

// The smaller of two, without a corner where they change places.
double smooth_min(double a, double b) {
  constexpr double width = .03;
  const double part = std::clamp(.5 + (b - a) / (2 * width), 0.0, 1.0);
  return std::lerp(b, a, part) - width * part * (1 - part);
}

// How high the hips can be over an ankle that is `away` from under them.
double leg_height(double away, double leg) {
  return std::sqrt(std::max(leg * leg - away * away, .04));
}

class Frame {
 public:
  explicit Frame(const Build& build) : build_(build) {}

  Point project(Vec3 p) const {
    const double right = build_.right_handed ? p.aside : -p.aside;
    const double near = build_.direction * right;  // who faces right shows the right side to the camera
    return {build_.direction * p.forward, -p.up + tilt * near};
  }

  // COCO's index of the weapon side's joint, or of the other side's.
  std::size_t of_weapon(std::size_t left) const { return build_.right_handed ? left + 1 : left; }
  std::size_t of_other(std::size_t left) const { return build_.right_handed ? left : left + 1; }

 private:
  const Build& build_;
};

struct Trunk {
  Vec3 hips;
  Vec3 shoulders;
  Vec3 hip_axis;  // from the middle to the weapon's side
  Vec3 shoulder_axis;
};

Trunk make_trunk(const Posture& p, double scale) {
  const double forward = std::lerp(p.rear_foot, p.front_foot, p.share);
  const double leg = (thigh + shin) * scale * .985;
  const double front = leg_height(p.front_foot - forward - hip_half * .75, leg) + p.front_lift;
  const double rear = leg_height(forward - hip_half * .75 - p.rear_foot, leg) + p.rear_lift;
  const double height = smooth_min(p.hips * scale, smooth_min(front, rear));
  Trunk trunk;
  trunk.hips = {forward, ankle * scale + height, 0};
  trunk.shoulders = trunk.hips + Vec3{std::sin(p.lean), std::cos(p.lean), 0} * (spine * scale);
  const double hip_turn = .75 * p.turn;
  trunk.hip_axis = Vec3{std::sin(hip_turn), 0, std::cos(hip_turn)} * (hip_half * scale);
  trunk.shoulder_axis = Vec3{std::sin(p.turn), 0, std::cos(p.turn)} * (shoulder_half * scale);
  return trunk;
}

void place(Skeleton& joints, const Frame& frame, const Limb& limb, std::size_t root, std::size_t hinge,
           std::size_t end) {
  joints[root] = frame.project(limb.root);
  joints[hinge] = frame.project(limb.hinge);
  joints[end] = frame.project(limb.end);
}

void place_legs(Skeleton& joints, const Frame& frame, const Posture& p, const Trunk& trunk, double scale) {
  const Vec3 front{p.front_foot, ankle * scale + p.front_lift, .04 * scale};
  const Vec3 rear{p.rear_foot, ankle * scale + p.rear_lift, -.04 * scale};
  const Limb front_leg = bend(trunk.hips + trunk.hip_axis, front, thigh * scale, shin * scale, {1, .1, .15});
  const Limb rear_leg = bend(trunk.hips - trunk.hip_axis, rear, thigh * scale, shin * scale, {.15, 0, -1});
  place(joints, frame, front_leg, frame.of_weapon(joint::left_hip), frame.of_weapon(joint::left_knee),
        frame.of_weapon(joint::left_ankle));
  place(joints, frame, rear_leg, frame.of_other(joint::left_hip), frame.of_other(joint::left_knee),
        frame.of_other(joint::left_ankle));
}

void place_head(Skeleton& joints, const Frame& frame, const Trunk& trunk, const Posture& p, double scale) {
  const Vec3 ears = trunk.shoulders + Vec3{.05 + .10 * std::sin(p.lean), .21, 0} * scale;
  joints[joint::nose] = frame.project(ears + Vec3{.11, -.015, 0} * scale);
  joints[frame.of_weapon(joint::left_eye)] = frame.project(ears + Vec3{.09, .03, .032} * scale);
  joints[frame.of_other(joint::left_eye)] = frame.project(ears + Vec3{.09, .03, -.032} * scale);
  joints[frame.of_weapon(joint::left_ear)] = frame.project(ears + Vec3{0, 0, .07} * scale);
  joints[frame.of_other(joint::left_ear)] = frame.project(ears + Vec3{0, 0, -.07} * scale);
}

Limb weapon_arm(const Trunk& trunk, const Posture& p, double scale) {
  const Vec3 shoulder = trunk.shoulders + trunk.shoulder_axis;
  return bend(shoulder, shoulder + p.guard.hand * scale, upper_arm * scale, forearm * scale, {-.15, -1, .5});
}

Limb other_arm(const Trunk& trunk, const Posture& p, double scale) {
  const Vec3 shoulder = trunk.shoulders - trunk.shoulder_axis;
  const Vec3 on_hip{-.10, -.40, -.06};
  const Vec3 thrown_back{-.40, -.26, -.12};
  const Vec3 hand = on_hip + (thrown_back - on_hip) * p.rear_arm;
  return bend(shoulder, shoulder + hand * scale, upper_arm * scale, forearm * scale, {-1, -.1, -.6});
}

}  // namespace

Body take_posture(const Posture& posture, const Build& build) {
  const double scale = build.height / 1.8;
  const Frame frame(build);
  const Trunk trunk = make_trunk(posture, scale);
  Body body;
  place_legs(body.joints, frame, posture, trunk, scale);
  place_head(body.joints, frame, trunk, posture, scale);
  const Limb armed = weapon_arm(trunk, posture, scale);
  place(body.joints, frame, armed, frame.of_weapon(joint::left_shoulder), frame.of_weapon(joint::left_elbow),
        frame.of_weapon(joint::left_wrist));
  place(body.joints, frame, other_arm(trunk, posture, scale), frame.of_other(joint::left_shoulder),
        frame.of_other(joint::left_elbow), frame.of_other(joint::left_wrist));
  body.hand = frame.project(armed.end + normal(armed.end - armed.hinge) * (wrist_to_grip * scale));
  const Vec3 chest = trunk.shoulders + (trunk.hips - trunk.shoulders) * .3;
  body.target = frame.project(chest + trunk.shoulder_axis * .5 + Vec3{.09 * scale, 0, 0});
  return body;
}

Point blade_tip(const Posture& posture, const Build& build, Point hand, Point target) {
  const double away = std::hypot(target.x - hand.x, target.y - hand.y);
  const double aim = posture.guard.aim;
  const Point at_target{(target.x - hand.x) / std::max(away, 1e-9),
                        (target.y - hand.y) / std::max(away, 1e-9)};
  const Point held{build.direction * std::cos(posture.guard.elevation), -std::sin(posture.guard.elevation)};
  const Point mixed{std::lerp(held.x, at_target.x, aim), std::lerp(held.y, at_target.y, aim)};
  const double length = std::max(std::hypot(mixed.x, mixed.y), 1e-9);
  const double reach = std::lerp(blade, std::min(blade, away), aim);
  return {hand.x + mixed.x / length * reach, hand.y + mixed.y / length * reach};
}

}  // namespace piste::render
