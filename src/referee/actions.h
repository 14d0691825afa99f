// What each fencer did, as stretches of time, each with how sure that is. Written for both sides alike:
// swapping the fencers swaps the actions.
//
// Speeds are those of the hips along the piste, in units/s (a unit is about a metre); every threshold is
// below.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "referee/kinematics.h"
#include "types/verdict.h"

namespace piste::referee {

enum class Act {
  advance,         // goes forward
  retreat,         // goes back
  pause,           // neither
  attack,          // the last part of an advance: from where it no longer was slow, with a lunge or at speed
  lunge,           // the front foot leaves the rear one behind
  parry,           // takes the blade of an attack, which ends there
  beat,            // takes the blade while going forward, and goes on
  riposte,         // forward after the parry, at once
  remise,          // the parried fencer goes on all the same
  counter_attack,  // forward into an attack that had begun before
  point_in_line,   // arm straight and high before the other's attack began
};

std::string_view to_string(Act act);

// An inclusive stretch of the clock.
struct Span {
  Act act = Act::pause;
  types::Side side = types::Side::left;
  std::size_t first = 0;
  std::size_t last = 0;
  double confidence = 1;  // 0..1
};

// What the scoring box adds: on the tracks' clock.
struct Box {
  std::vector<double> contacts;  // times of blade contacts, in order
  types::PerSide<bool> hit;      // whose lamp came on
};

// Of both fencers, in order of start; where two start together the earlier-ending one first, then left.
std::vector<Span> find_actions(const Kinematics& motion, const Box& box);

std::vector<types::Action> described(const std::vector<Span>& spans, const Kinematics& motion);

// Who came forward into the touch first.
std::optional<types::Began> who_began(const std::vector<Span>& spans, const Kinematics& motion);

// The last one of its kind and side that begins before the touch, if any.
const Span* last_of(const std::vector<Span>& spans, Act act, types::Side side, const Kinematics& motion);

// Speed (units/s) under which a fencer no longer goes forward. Source: of .15, .3 and .6 the one whose last
// crossing tells most of who has right of way on the recorded club phrases.
constexpr double kStopped = 0.30;
// Slower than this by more than kSpeedError (units/s) a fencer prepares: a slow advance is no attack (rules).
// Twice kStopped.
constexpr double kPreparing = 0.60;
// An attack without a lunge gets at least this fast (units/s): three quarters of all speeds on the club's
// recordings lie below.
constexpr double kAttackSpeed = 1.5;
// How far (units) and how fast (units/s) the front foot leaves the rear one in a lunge: a step of an advance
// widens the stance by .1 to .4 units; nine of ten fencers who are hit are wider than on guard by .5.
constexpr double kLungeWidening = 0.50;
constexpr double kLungeSpeed = 2.0;
constexpr double kLungeTime = 0.5;  // s from the narrowest to the widest stance
// A person's reaction time (s): a shorter head start decides nothing.
constexpr double kReaction = 0.2;
// A parry's riposte needs at least this long (s) to arrive; a contact nearer to the touch is the hit's own.
constexpr double kShortestRiposte = 0.15;
constexpr double kLongestRiposte = 1.0;  // s from contact to touch: later is another action
// A riposte that begins this long (s) after the contact is delayed.
constexpr double kAtOnce = 0.4;
// Standard error (units/s) of a speed with keypoints off by 5 px at 126 px a unit, over the smoothing window.
constexpr double kSpeedError = 0.15;
// Point in line: part of the arm's length from shoulder to wrist, height of the wrist under the shoulder
// (units), and how long (s).
constexpr double kStraight = 0.92;
constexpr double kInLine = 0.12;
constexpr double kLineTime = 0.3;

}  // namespace piste::referee
