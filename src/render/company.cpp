#include "render/company.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

namespace piste::render {
namespace {

namespace joint = types::joint;
using types::Side;

constexpr double camera_height = 1.5;  // m: whose feet lie how far below the horizon
constexpr double furthest = .45;       // spectators: from the wall ...
constexpr double nearest = .73;        // ... to a step and a half behind the piste
constexpr double pair_nearness = .58;
constexpr double pair_delay = .8;  // s
constexpr double referee_nearness = .86;
constexpr double referee_memory = .7;  // s to either side, over which the fencers' middle is taken
constexpr double passer_nearness = 1.3;
constexpr double passer_pace = 1.4;  // m/s
constexpr double stride = 1.5;       // m, of two steps
constexpr double walk = 1.2;         // m/s: from there on the steps are whole ones
constexpr double looks_down = .10;   // how much lower nearer things appear
constexpr int whites = 3;            // every third one is a fencer who waits

// Of a person of 1.80 m who stands, in metres: forward, to his left, up.
struct Place {
  double forward = 0;
  double left = 0;
  double up = 0;
};

// A limb that swings: which way at the beginning of a stride.
struct Swing {
  double arm = 0;
  double leg = 0;
  double lift = 0;
};

Swing swing_of(double walked, double pace, bool left) {
  const double part = std::clamp(pace / walk, 0.0, 1.0);
  const double phase = 2 * std::numbers::pi * walked / stride + (left ? 0 : std::numbers::pi);
  return {-.16 * part * std::sin(phase), .30 * part * std::sin(phase),
          .07 * part * std::max(0.0, std::cos(phase))};
}

std::array<Place, joint::count> body_of(double walked, double pace) {
  std::array<Place, joint::count> at{};
  at[joint::nose] = {.11, 0, 1.62};
  for (const bool left : {true, false}) {
    const std::size_t r = left ? 0 : 1;
    const double out = left ? 1 : -1;
    const Swing swing = swing_of(walked, pace, left);
    at[joint::left_eye + r] = {.09, .032 * out, 1.66};
    at[joint::left_ear + r] = {0, .07 * out, 1.63};
    at[joint::left_shoulder + r] = {0, .18 * out, 1.42};
    at[joint::left_elbow + r] = {.5 * swing.arm - .03, .21 * out, 1.14};
    at[joint::left_wrist + r] = {swing.arm + .06, .20 * out, .90};
    at[joint::left_hip + r] = {0, .105 * out, .92};
    at[joint::left_knee + r] = {.5 * swing.leg + .04 + swing.lift, .10 * out, .51 + .5 * swing.lift};
    at[joint::left_ankle + r] = {swing.leg, .10 * out, .09 + swing.lift};
  }
  return at;
}

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  double between(double low, double high) {
    return low + (high - low) * static_cast<double>(random_() >> 40U) / 16777216.;
  }
  float shade(double low, double high) { return static_cast<float>(between(low, high)); }

 private:
  std::mt19937_64 random_;
};

// In a fencer's whites without a mask, or in a shirt and trousers.
Dress everyday(Dice& dice, bool in_whites) {
  Dress dress = make_dress(static_cast<std::uint64_t>(dice.between(0, 1000)), Side::left);
  const auto hair = dice.shade(20, 90);
  dress.mesh = dress.bib = dress.glove = dress.steel = dress.skin;
  dress.hood = {{hair * .7F, hair * .8F, hair}, .6F, .45F, .05F};
  if (in_whites) return dress;
  dress.jacket = {{dice.shade(20, 210), dice.shade(20, 190), dice.shade(20, 200)}, .57F, .45F, .06F};
  const auto cloth = dice.shade(25, 110);
  dress.breeches = dress.sock = {{cloth * 1.15F, cloth, cloth * .95F}, .57F, .45F, .05F};
  return dress;
}

Dress of_referee() {
  Dice dice(5);
  Dress dress = everyday(dice, false);
  dress.jacket = {{62, 48, 44}, .57F, .45F, .04F};
  dress.breeches = dress.sock = {{70, 68, 68}, .57F, .45F, .04F};
  return dress;
}

}  // namespace

Company::Company(const CompanyOptions& options, const Scene& scene, const View& view, std::uint64_t seed)
    : fencers_(scene.fencers), view_(view) {
  Dice dice(seed * 977 + 11);
  for (int i = 0; i < options.spectators; ++i) {
    const double nearness = dice.between(furthest, nearest);
    members_.push_back({.role = Role::spectator,
                        .nearness = nearness,
                        .dress = everyday(dice, i % whites == 0),
                        .height = dice.between(1.55, 1.95),
                        .x = view.width * dice.between(-.02, 1.02),
                        .yaw = dice.between(0, 2 * std::numbers::pi)});
  }
  if (options.other_piste) {
    const double x = view.width * dice.between(.3, .7);
    for (const Side side : types::both_sides)
      members_.push_back({.role = Role::fencer,
                          .nearness = pair_nearness,
                          .dress = make_dress(seed + 501, side),
                          .x = x,
                          .side = side});
  }
  if (options.referee)
    members_.push_back({.role = Role::referee,
                        .nearness = referee_nearness,
                        .dress = of_referee(),
                        .yaw = std::numbers::pi / 2});
  if (options.passer_by)
    members_.push_back({.role = Role::passer_by,
                        .nearness = passer_nearness,
                        .dress = everyday(dice, false),
                        .since = scene.duration * dice.between(.3, .7)});
  std::ranges::stable_sort(members_, {}, &Member::nearness);
}

double Company::body(const Member& member) const {
  const double size = member.role == Role::fencer ? view_.body[opposite(member.side)] : view_.metre;
  return size * member.nearness * member.height / 1.8;
}

float Company::facing(const Member& member) {
  if (armed(member)) return member.side == Side::left ? 1.F : -1.F;
  return std::cos(member.yaw) >= 0 ? 1.F : -1.F;
}

bool Company::right_handed(const Member& member) const {
  return !armed(member) || !fencers_[opposite(member.side)].right_handed;
}

double Company::feet(const Member& member, double x) const {
  const double below_horizon = camera_height * view_.metre;
  return view_.floor_at(x) - below_horizon * (1 - member.nearness);
}

double Company::middle_of_fencers(double time) const {
  double sum = 0;
  int count = 0;
  for (double t = time - referee_memory; t <= time + referee_memory; t += .1) {
    for (const Side side : types::both_sides) {
      sum += view_.pixels(fencers_[side].at(t).joints[joint::left_hip]).x;
      ++count;
    }
  }
  return sum / count;
}

// walked: m so far, pace: m/s.
Outline Company::upright(const Member& member, double x, double walked, double pace) const {
  const double metre = view_.metre * member.nearness * member.height / 1.8;
  const double ahead = std::cos(member.yaw);
  const double near = std::sin(member.yaw);
  const auto body = body_of(walked, pace);
  Outline out;
  for (std::size_t j = 0; j < body.size(); ++j) {
    const Place& at = body[j];
    const double across = at.forward * ahead + at.left * near;
    const double closer = at.forward * near - at.left * ahead;
    out.joints[j] = {static_cast<float>(x + metre * across),
                     static_cast<float>(feet(member, x) - metre * (at.up - looks_down * closer))};
  }
  out.tip = out.joints[joint::right_wrist];
  return out;
}

// Mirrored about the picture's middle and moved: whose left one he is was the right one.
Outline Company::fencing(const Member& member, double time) const {
  const Stance stance = fencers_[opposite(member.side)].at(time - pair_delay);
  const double horizon = view_.floor.y - camera_height * view_.metre;
  const auto there = [&](const Point& units) {
    const Vec at = view_.pixels(units);
    return Vec{static_cast<float>(member.x - member.nearness * (at.x - view_.width / 2.)),
               static_cast<float>(horizon + member.nearness * (at.y - horizon))};
  };
  Outline out;
  // His right is the other one's left.
  for (std::size_t j = 0; j < out.joints.size(); ++j) {
    const std::size_t mirrored = j == joint::nose ? j : (j % 2 == 1 ? j + 1 : j - 1);
    out.joints[j] = there(stance.joints[mirrored]);
  }
  out.tip = there(stance.tip);
  return out;
}

Outline Company::accompanying(const Member& member, double time) const {
  const double metre = view_.metre * member.nearness;
  const double x = middle_of_fencers(time);
  const double pace = std::abs(middle_of_fencers(time + .05) - middle_of_fencers(time - .05)) / .1 / metre;
  return upright(member, x, x / metre, pace);
}

Outline Company::walking_through(const Member& member, double time) const {
  const double metre = view_.metre * member.nearness;
  const double walked = passer_pace * (time - member.since);
  return upright(member, view_.width / 2. + metre * walked, walked, passer_pace);
}

Outline Company::outline(const Member& member, double time) const {
  if (member.role == Role::fencer) return fencing(member, time);
  if (member.role == Role::referee) return accompanying(member, time);
  if (member.role == Role::passer_by) return walking_through(member, time);
  return upright(member, member.x, 0, 0);
}

std::string_view to_string(Company::Role role) {
  switch (role) {
    case Company::Role::fencer:
      return "fencer";
    case Company::Role::referee:
      return "referee";
    case Company::Role::passer_by:
      return "passer_by";
    default:
      return "spectator";
  }
}

}  // namespace piste::render
