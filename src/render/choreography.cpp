#include "render/choreography.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace piste::render {
namespace {

constexpr double stance_width = .62;  // m between the feet on guard, of a person of 1.80 m

constexpr double to_rise = .4;  // s, from guard to walking upright

// On guard, and what the weapon does from there; of a person of 1.80 m, from the shoulder.
constexpr Guard on_guard{{.37, -.24, .06}, .95, 0};
constexpr Guard drawn_back{{.24, -.27, .10}, 1.15, 0};
constexpr Guard extended{{.56, .02, -.04}, .1, 1};
constexpr Guard taken_aside{{.47, -.12, .16}, -.55, 0};
constexpr Guard lowered{{.10, -.50, .08}, -.7, 0};

Guard parried(Line line) {
  switch (line) {
    case Line::quarte:
      return {{.32, -.10, -.20}, 1.15, 0};
    case Line::quinte:
      return {{.36, .22, .02}, .25, 0};
    default:
      return {{.34, -.12, .18}, 1.1, 0};
  }
}

// 0 at 0, 1 at 1, with no speed and no acceleration at the ends.
double ease(double part) {
  const double t = std::clamp(part, 0.0, 1.0);
  return t * t * t * (10 + t * (6 * t - 15));
}

double blend(double a, double b, double part) {
  return std::lerp(a, b, part);
}

Guard blend(const Guard& a, const Guard& b, double part) {
  return {a.hand + (b.hand - a.hand) * part, std::lerp(a.elevation, b.elevation, part),
          std::lerp(a.aim, b.aim, part)};
}

double between(double from, double to, double part) {
  return std::lerp(from, to, part);
}

}  // namespace

template <class Value>
Value Dial<Value>::at(double time) const {
  Value value = start_;
  for (const Turn& turn : turns_) {
    if (time <= turn.from) break;
    value = blend(value, turn.value, ease((time - turn.from) / (turn.to - turn.from)));
  }
  return value;
}

void Foot::move(double from, double to, double distance, double lift) {
  moves_.push_back({from, to, distance, lift});
}

double Foot::at(double time) const {
  double place = start_;
  for (const Move& move : moves_) place += move.distance * ease((time - move.from) / (move.to - move.from));
  return place;
}

double Foot::lift(double time) const {
  double height = 0;
  for (const Move& move : moves_) {
    const double part = (time - move.from) / (move.to - move.from);
    if (part > 0 && part < 1) height += move.lift * std::pow(std::sin(std::numbers::pi * part), 2);
  }
  return height;
}

double Foot::last() const {
  double place = start_;
  for (const Move& move : moves_) place += move.distance;
  return place;
}

Choreography::Choreography(const FencerScript& script, std::uint64_t seed)
    : front_(-script.start),
      rear_(-script.start - stance_width * script.height / 1.8),
      stance_(stance_width * script.height / 1.8),
      guard_(on_guard),
      share_(.46),
      hips_(.73),
      lean_(.10),
      turn_(.85),
      rear_arm_(0),
      phase_(static_cast<double>(seed % 1000) / 1000 * 2 * std::numbers::pi) {
  for (const Action& action : script.actions) perform(action);
}

void Choreography::perform(const Action& action) {
  switch (action.deed) {
    case Deed::pause:
      return;
    case Deed::en_garde:
      return go_on_guard(action.from, action.to);
    case Deed::advance:
      return steps(action, action.distance);
    case Deed::retreat:
      return steps(action, -action.distance);
    case Deed::preparation:
      guard_.turn(action.from, std::min(action.to, action.from + .35), drawn_back);
      return steps(action, action.distance);
    case Deed::attack:
      return attack(action);
    case Deed::lunge:
      return lunge(action.from, action.to, action.distance);
    case Deed::parry:
      return parry(action);
    case Deed::riposte:
    case Deed::counterattack:
    case Deed::remise:
      return riposte(action);
    case Deed::deflected:
      return guard_.turn(action.from, action.to, taken_aside);
    case Deed::recover:
      return recover(action);
    case Deed::relax:
      return relax(action);
    case Deed::walk:
      return walk(action);
  }
}

// The foot on the side one goes to moves first.
void Choreography::step(double from, double to, double distance) {
  const double lift = std::min(.07, .02 + .1 * std::abs(distance));
  Foot& first = distance >= 0 ? front_ : rear_;
  Foot& second = distance >= 0 ? rear_ : front_;
  first.move(from, between(from, to, .62), distance, lift);
  second.move(between(from, to, .36), to, distance, .6 * lift);
}

void Choreography::steps(const Action& action, double distance) {
  const double each = (action.to - action.from) / action.steps;
  for (int i = 0; i < action.steps; ++i) {
    step(action.from + i * each, action.from + (i + 1) * each, distance / action.steps);
  }
}

void Choreography::extend(double from, double to) {
  guard_.turn(from, to, extended);
  turn_.turn(from, to, 1.25);
}

void Choreography::go_on_guard(double from, double to) {
  guard_.turn(from, to, on_guard);
  share_.turn(from, to, .46);
  hips_.turn(from, to, .73);
  lean_.turn(from, to, .10);
  turn_.turn(from, to, .85);
  rear_arm_.turn(from, to, 0);
  const double wider = front_.last() - rear_.last() - stance_;
  if (std::abs(wider) > .02) front_.move(from, to, -wider, .05);
}

// The arm begins before the feet: that is what makes it an attack.
void Choreography::attack(const Action& action) {
  const double step_end = between(action.from, action.to, .48);
  extend(action.from, between(action.from, action.to, .70));
  step(between(action.from, action.to, .06), step_end, .42 * action.distance);
  lunge(between(action.from, action.to, .42), action.to, .58 * action.distance);
}

void Choreography::lunge(double from, double to, double distance) {
  extend(from, between(from, to, .60));
  front_.move(between(from, to, .15), to, distance, .09);
  rear_.move(between(from, to, .45), to, .08 * distance, .01);
  share_.turn(from, to, .57);
  lean_.turn(from, to, .30);
  rear_arm_.turn(between(from, to, .1), between(from, to, .9), 1);
}

void Choreography::parry(const Action& action) {
  guard_.turn(action.from, between(action.from, action.to, .75), parried(action.line));
  turn_.turn(action.from, action.to, .80);
  lean_.turn(action.from, action.to, .04);
  if (action.distance != 0) step(action.from, action.to, action.distance);
}

void Choreography::riposte(const Action& action) {
  extend(action.from, between(action.from, action.to, .80));
  lean_.turn(action.from, action.to, action.distance > .3 ? .26 : .17);
  if (action.distance < 0) return step(action.from, action.to, action.distance);
  if (action.distance == 0) return;
  front_.move(between(action.from, action.to, .1), action.to, action.distance, .06);
  rear_.move(between(action.from, action.to, .4), action.to, .3 * action.distance, .01);
  share_.turn(action.from, action.to, .54);
}

void Choreography::recover(const Action& action) {
  if (!action.forward) return go_on_guard(action.from, action.to);
  rear_.move(action.from, action.to, front_.last() - rear_.last() - stance_, .05);
  go_on_guard(action.from, action.to);
}

void Choreography::relax(const Action& action) {
  go_on_guard(action.from, action.to);
  guard_.turn(action.from, action.to, lowered);
  hips_.turn(action.from, action.to, .80);
  lean_.turn(action.from, action.to, .02);
}

// Whichever foot is behind goes past the other.
void Choreography::walk(const Action& action) {
  const double upright = std::min(action.to, action.from + to_rise);
  guard_.turn(action.from, upright, lowered);
  share_.turn(action.from, upright, .5);
  hips_.turn(action.from, upright, .95);  // the legs are straight
  lean_.turn(action.from, upright, .02);
  const double each = (action.to - action.from) / action.steps;
  const double stride = action.distance / action.steps;
  for (int i = 0; i < action.steps; ++i) {
    const bool front_is_behind = (front_.last() < rear_.last()) == (stride > 0);
    Foot& foot = front_is_behind ? front_ : rear_;
    const double ahead = front_is_behind ? rear_.last() : front_.last();
    const double from = action.from + i * each;
    foot.move(from, from + each, ahead + stride - foot.last(), .08);
  }
}

Posture Choreography::at(double time) const {
  Posture posture;
  posture.front_foot = front_.at(time);
  posture.rear_foot = rear_.at(time);
  posture.front_lift = front_.lift(time);
  posture.rear_lift = rear_.lift(time);
  // A fencer on guard bounces a little, and sways by some millimetres.
  const double beat = 2 * std::numbers::pi * 1.7 * time + phase_;
  posture.share = share_.at(time) + .012 * std::sin(.61 * beat + 1);
  posture.hips = hips_.at(time) - .012 * (1 + std::sin(beat));
  posture.lean = lean_.at(time) + .015 * std::sin(.5 * beat);
  posture.turn = turn_.at(time) + .03 * std::sin(.37 * beat);
  posture.rear_arm = rear_arm_.at(time) + .03 * std::sin(.9 * beat);
  posture.guard = guard_.at(time);
  const double still = 1 - posture.guard.aim;
  posture.guard.hand =
      posture.guard.hand + Vec3{.010 * std::sin(.8 * beat), .014 * std::sin(beat + .5), 0} * still;
  posture.guard.elevation += .06 * std::sin(.7 * beat + 2) * still;
  return posture;
}

template class Dial<double>;
template class Dial<Guard>;

}  // namespace piste::render
