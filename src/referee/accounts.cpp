#include "referee/accounts.h"

#include <algorithm>
#include <array>

#include "referee/actions.h"
#include "referee/footwork.h"
#include "referee/words.h"

namespace piste::referee {
namespace {

using types::opposite;
using types::Side;
using Account = std::optional<std::string>;

constexpr double kBegun = 0.1;        // s of going forward: who has not done that cannot stop
constexpr double kPlainly = 0.1;      // units: less is not seen
constexpr double kNothing = 0.05;     // units: rounds to nothing
constexpr double kEarlier = 0.1;      // s: a lesser head start is not seen
constexpr double kAfterBlades = 0.2;  // s after a blade contact

std::string at(const Kinematics& motion, std::size_t index) {
  return seconds(motion.times[index]);
}

std::string metres(double value) {
  return number(value, 1) + " m";
}

// When the fencer began to stop or to go back.
std::size_t stop_began(const Series& hips, std::size_t stopped) {
  while (stopped > 0 && hips[stopped - 1].speed < kStopped) --stopped;
  return stopped;
}

// Whether he had been coming forward until then.
bool had_begun(const Series& hips, std::size_t until) {
  if (until < steps(kBegun)) return false;
  for (std::size_t i = until - steps(kBegun); i < until; ++i)
    if (hips[i].speed < kStopped) return false;
  return true;
}

// The winner has not stopped since before the other's last stop ended.
Account of_stops(const Kinematics& motion, const Evidence& evidence, Side winner) {
  const Side loser = opposite(winner);
  const std::size_t own = evidence.at[winner], last = evidence.at[loser];
  if (own >= last) return std::nullopt;
  const Series& hips = motion.fencers[loser].hips;
  const std::size_t stopped = stop_began(hips, last);
  const bool back = mean_speed(hips, std::max(stopped, own), last) < -kStopped;
  const bool until_hit = last >= motion.touch;
  const std::string who = capitalised(name(loser));
  if (stopped > own && had_begun(hips, stopped)) {
    if (until_hit && back)
      return say({who, " gave way from ", at(motion, stopped), " to the hit while ", name(winner),
                  " kept advancing"});
    return say({who, back ? " went back at " : " stopped at ", at(motion, stopped), " while ", name(winner),
                " kept advancing"});
  }
  const std::string first = say({capitalised(name(winner)), " came forward from ", at(motion, own)});
  if (until_hit) return say({first, " to the hit while ", name(loser), back ? " gave way" : " stood still"});
  const double by = motion.times[last] - motion.times[own];
  if (by < kEarlier) return std::nullopt;
  return say({first, ", ", name(loser), " only from ", at(motion, last), ", ", seconds(by), " later"});
}

Account of_ground(const Kinematics& motion, Side winner) {
  const auto gained = [&](Side side, double time) {
    const Series& hips = motion.fencers[side].hips;
    return hips[motion.touch].forward - hips[earlier(motion.touch, time)].forward;
  };
  for (const double time : {0.3, 0.8, 1.6}) {
    const double mine = gained(winner, time), theirs = gained(opposite(winner), time);
    if (mine - theirs < kPlainly) continue;
    const std::string when = say({" in the last ", number(time, 1), " s before the hit"});
    const std::string who = capitalised(name(winner)), other = name(opposite(winner));
    if (mine > kNothing && theirs < -kNothing)
      return say({who, " came forward ", metres(mine), when, " while ", other, " went back"});
    if (mine > kNothing)
      return say({who, " came forward ", metres(mine - theirs), " further than ", other, when});
    return say(
        {capitalised(other), " gave way ", metres(mine - theirs), " further than ", name(winner), when});
  }
  return std::nullopt;
}

Account of_retreats(const Kinematics& motion, const Evidence& evidence, Side winner) {
  const Side loser = opposite(winner);
  const double mine = evidence.value[winner], theirs = evidence.value[loser];
  if (theirs - mine < kPlainly) return std::nullopt;
  const std::string who = capitalised(name(loser)), from = at(motion, evidence.at[loser]);
  if (mine < kNothing) return say({who, " gave ", metres(theirs), " of ground from ", from, " to the hit"});
  return say({who, " gave ", metres(theirs - mine), " more ground than ", name(winner), ", from ", from});
}

Account of_hands(const Evidence& evidence, Side winner) {
  const double mine = evidence.value[winner], theirs = evidence.value[opposite(winner)];
  if (mine - theirs < kPlainly) return std::nullopt;
  const std::string who = capitalised(name(winner)), other = name(opposite(winner));
  constexpr const char* when = " in the last 0.3 s before the hit";
  if (mine <= kNothing) return say({capitalised(other), " drew the hand back", when});
  if (theirs < -kNothing)
    return say({who, "'s hand came forward", when, " while ", other, "'s was drawn back"});
  return say({who, "'s hand came ", metres(mine - theirs), " further forward than ", other, "'s", when});
}

Account of_blades(const Kinematics& motion, const Evidence& evidence, Side winner) {
  const std::size_t met = evidence.at[winner];
  if (met == 0) return std::nullopt;
  const std::size_t end = std::min(met + steps(kAfterBlades), motion.touch);
  if (end < met) return std::nullopt;
  const auto after = [&](Side side) { return mean_speed(motion.fencers[side].hips, met, end); };
  if (after(winner) <= kStopped || after(opposite(winner)) > kStopped) return std::nullopt;
  return say({"After the blades met at ", at(motion, met), " ", name(winner), " went on forward and ",
              name(opposite(winner)), " did not"});
}

std::string when(const Kinematics& motion, const Sight& sight) {
  const std::string to = at(motion, sight.to);
  if (sight.from <= 0) return say({"until ", to});
  return say({"from ", at(motion, sight.from), " to ", to});
}

Account of_arm(const Kinematics& motion, const Sight& sight, Side winner) {
  const FencerMotion& fencer = motion.fencers[sight.fencer];
  const Series& wrist = fencer[Part::front_wrist];
  if (wrist.empty()) return std::nullopt;
  const auto reach = [&](std::size_t i) { return wrist[i].forward - fencer.hips[i].forward; };
  const double more = reach(sight.to) - reach(sight.from);
  const std::string who = capitalised(name(sight.fencer));
  if (sight.fencer == winner)
    return more < kPlainly ? Account() : say({who, "'s arm came forward ", when(motion, sight)});
  if (more > kPlainly) return std::nullopt;
  return say({who, more < -kPlainly ? " drew the arm back " : " kept the arm back ", when(motion, sight)});
}

std::string body_of(const Sight& sight) {
  const std::string who = name(sight.fencer);
  if (sight.body == Body::arms) return say({who, "'s arms"});
  if (sight.body == Body::legs) return say({who, "'s legs"});
  return who;
}

}  // namespace

Account account_of(const Kinematics& motion, const Evidence& evidence, Side winner) {
  switch (evidence.topic) {
    case Topic::stop:
      return of_stops(motion, evidence, winner);
    case Topic::ground:
      return of_ground(motion, winner);
    case Topic::retreat:
      return of_retreats(motion, evidence, winner);
    case Topic::hand:
      return of_hands(evidence, winner);
    case Topic::contact:
      return of_blades(motion, evidence, winner);
    default:
      return std::nullopt;
  }
}

Account account_of(const Kinematics& motion, const Sight& sight, Side winner) {
  if (sight.from >= motion.touch) return std::nullopt;
  if (sight.body == Body::arms) return of_arm(motion, sight, winner);
  const double speed = mean_speed(motion.fencers[sight.fencer].hips, sight.from, sight.to);
  const std::string who = capitalised(name(sight.fencer));
  if (sight.fencer == winner)
    return speed <= kStopped ? Account() : say({who, " came forward ", when(motion, sight)});
  if (speed > kStopped) return std::nullopt;
  return say({who, speed < -kStopped ? " went back " : " stood still ", when(motion, sight)});
}

std::string unnamed(Topic topic, Side winner) {
  constexpr std::array<std::string_view, kTopics> about{"stops",        "ground gained",   "speeds",
                                                        "ground given", "hands",           "the blade",
                                                        "postures",     "the whole motion"};
  return say({"What was learned of ", about[static_cast<std::size_t>(topic)], " speaks for ", name(winner)});
}

std::string unnamed(const Sight& sight, const Kinematics& motion, Side winner) {
  return say({unnamed(Topic::pattern, winner), ", most of all for what ", body_of(sight), " did ",
              when(motion, sight)});
}

}  // namespace piste::referee
