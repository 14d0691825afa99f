#include "referee/accounts.h"

#include <algorithm>
#include <array>

#include "referee/actions.h"
#include "referee/footwork.h"
#include "types/said.h"

namespace piste::referee {
namespace {

using types::opposite;
using types::said;
using types::Side;
using Account = std::optional<types::Said>;

constexpr double kBegun = 0.1;        // s of going forward: who has not done that cannot stop
constexpr double kPlainly = 0.1;      // units: less is not seen
constexpr double kNothing = 0.05;     // units: rounds to nothing
constexpr double kEarlier = 0.1;      // s: a lesser head start is not seen
constexpr double kAfterBlades = 0.2;  // s after a blade contact

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
  if (stopped > own && had_begun(hips, stopped)) {
    const char* code = until_hit && back ? "gave_way_to_hit" : back ? "went_back_at" : "stopped_at";
    return said(code, {{"who", loser}, {"at", motion.times[stopped]}, {"other", winner}});
  }
  const double came = motion.times[own];
  if (until_hit)
    return said(back ? "came_other_gave_way" : "came_other_stood",
                {{"who", winner}, {"at", came}, {"other", loser}});
  const double by = motion.times[last] - came;
  if (by < kEarlier) return std::nullopt;
  return said("came_first",
              {{"who", winner}, {"at", came}, {"other", loser}, {"from", motion.times[last]}, {"by", by}});
}

Account of_ground(const Kinematics& motion, Side winner) {
  const auto gained = [&](Side side, double time) {
    const Series& hips = motion.fencers[side].hips;
    return hips[motion.touch].forward - hips[earlier(motion.touch, time)].forward;
  };
  for (const double time : {0.3, 0.8, 1.6}) {
    const double mine = gained(winner, time), theirs = gained(opposite(winner), time);
    if (mine - theirs < kPlainly) continue;
    const Side loser = opposite(winner);
    if (mine > kNothing && theirs < -kNothing)
      return said("came_other_went_back",
                  {{"who", winner}, {"metres", mine}, {"time", time}, {"other", loser}});
    if (mine > kNothing)
      return said("came_further",
                  {{"who", winner}, {"metres", mine - theirs}, {"other", loser}, {"time", time}});
    return said("gave_way_further",
                {{"who", loser}, {"metres", mine - theirs}, {"other", winner}, {"time", time}});
  }
  return std::nullopt;
}

Account of_retreats(const Kinematics& motion, const Evidence& evidence, Side winner) {
  const Side loser = opposite(winner);
  const double mine = evidence.value[winner], theirs = evidence.value[loser];
  if (theirs - mine < kPlainly) return std::nullopt;
  const double from = motion.times[evidence.at[loser]];
  if (mine < kNothing) return said("gave_ground", {{"who", loser}, {"metres", theirs}, {"at", from}});
  return said("gave_more_ground",
              {{"who", loser}, {"metres", theirs - mine}, {"other", winner}, {"at", from}});
}

Account of_hands(const Evidence& evidence, Side winner) {
  const double mine = evidence.value[winner], theirs = evidence.value[opposite(winner)];
  if (mine - theirs < kPlainly) return std::nullopt;
  const Side loser = opposite(winner);
  if (mine <= kNothing) return said("drew_hand_back", {{"who", loser}});
  if (theirs < -kNothing) return said("hand_came_other_drew", {{"who", winner}, {"other", loser}});
  return said("hand_came_further", {{"who", winner}, {"metres", mine - theirs}, {"other", loser}});
}

Account of_blades(const Kinematics& motion, const Evidence& evidence, Side winner) {
  const std::size_t met = evidence.at[winner];
  if (met == 0) return std::nullopt;
  const std::size_t end = std::min(met + steps(kAfterBlades), motion.touch);
  if (end < met) return std::nullopt;
  const auto after = [&](Side side) { return mean_speed(motion.fencers[side].hips, met, end); };
  if (after(winner) <= kStopped || after(opposite(winner)) > kStopped) return std::nullopt;
  return said("went_on_after_blades",
              {{"at", motion.times[met]}, {"who", winner}, {"other", opposite(winner)}});
}

// What has a code for "from ... to" and one for "until".
types::Said during(const std::string& code, const Kinematics& motion, const Sight& sight) {
  const double to = motion.times[sight.to];
  if (sight.from <= 0) return said(code + "_until", {{"who", sight.fencer}, {"to", to}});
  return said(code, {{"who", sight.fencer}, {"from", motion.times[sight.from]}, {"to", to}});
}

Account of_arm(const Kinematics& motion, const Sight& sight, Side winner) {
  const FencerMotion& fencer = motion.fencers[sight.fencer];
  const Series& wrist = fencer[Part::front_wrist];
  if (wrist.empty()) return std::nullopt;
  const auto reach = [&](std::size_t i) { return wrist[i].forward - fencer.hips[i].forward; };
  const double more = reach(sight.to) - reach(sight.from);
  if (sight.fencer == winner) return more < kPlainly ? Account() : during("arm_came", motion, sight);
  if (more > kPlainly) return std::nullopt;
  return during(more < -kPlainly ? "arm_drawn" : "arm_kept", motion, sight);
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
  if (sight.fencer == winner) return speed <= kStopped ? Account() : during("came", motion, sight);
  if (speed > kStopped) return std::nullopt;
  return during(speed < -kStopped ? "went_back" : "stood", motion, sight);
}

types::Said unnamed(Topic topic, Side winner) {
  constexpr std::array<std::string_view, kTopics> codes{
      "learned_stops", "learned_ground_gained", "learned_speeds",   "learned_ground_given",
      "learned_hands", "learned_blade",         "learned_postures", "learned_motion"};
  return said(codes[static_cast<std::size_t>(topic)], {{"who", winner}});
}

types::Said unnamed(const Sight& sight, const Kinematics& motion, Side winner) {
  const std::string code = sight.body == Body::arms   ? "learned_arms"
                           : sight.body == Body::legs ? "learned_legs"
                                                      : "learned_body";
  const double to = motion.times[sight.to];
  if (sight.from <= 0) return said(code + "_until", {{"who", winner}, {"fencer", sight.fencer}, {"to", to}});
  return said(code,
              {{"who", winner}, {"fencer", sight.fencer}, {"from", motion.times[sight.from]}, {"to", to}});
}

}  // namespace piste::referee
