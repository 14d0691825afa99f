#include "referee/learned_findings.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "referee/actions.h"
#include "referee/footwork.h"
#include "referee/rules.h"
#include "referee/words.h"

namespace piste::referee {
namespace {

using types::Finding;
using types::opposite;
using types::Side;

// The rule whose question a topic measures.
Rule rule_of(Topic topic) {
  switch (topic) {
    case Topic::stop:
    case Topic::retreat:
      return Rule::attack_stopped;
    case Topic::contact:
      return Rule::parry_riposte;
    default:
      return Rule::attack;
  }
}

// A topic's features overlap: together they can speak for one fencer while the shown measure, alone, would
// not. Then the text claims no more than that.
std::string on_the_whole(Topic topic, Side winner) {
  const std::string who = name(winner);
  switch (topic) {
    case Topic::stop:
      return say({"On the whole, the stops before the hit speak for ", who});
    case Topic::ground:
      return say({"On the whole, the ground gained before the hit speaks for ", who});
    case Topic::retreat:
      return say({"On the whole, who gave ground before the hit speaks for ", who});
    case Topic::hand:
      return say({"On the whole, the hands before the hit speak for ", who});
    case Topic::pattern:
      return say({"The motion as a whole speaks for ", who});
    default:
      return say({"The footwork around the blade contact speaks for ", who});
  }
}

std::string against(double mine, double theirs, const std::string& unit) {
  return say({number(mine, 2), " against ", number(theirs, 2), unit});
}

// When the fencer last began to stop or to go back.
std::size_t stop_began(const Series& hips, std::size_t at) {
  while (at > 0 && hips[at - 1].speed < kStopped) --at;
  return at;
}

// True word for word: the winner has not stopped since before the other's last stop ended.
std::string stop_text(const Kinematics& motion, const Evidence& evidence, Side winner) {
  const Side loser = opposite(winner);
  const std::size_t last = evidence.at[loser];
  if (evidence.at[winner] >= last) return on_the_whole(Topic::stop, winner);
  const Series& hips = motion.fencers[loser].hips;
  const std::size_t began = std::max(stop_began(hips, last), evidence.at[winner]);
  const bool back = mean_speed(hips, began, last) < -kStopped;
  const std::string who = capitalised(name(loser));
  const std::string when = seconds(motion.times[began]);
  if (last >= motion.touch && back)
    return say({who, " gave way from ", when, " to the hit while ", name(winner), " kept advancing"});
  if (last >= motion.touch)
    return say({who, " stood still from ", when, " to the hit while ", name(winner), " kept advancing"});
  return say(
      {who, back ? " went back at " : " stopped at ", when, " while ", name(winner), " kept advancing"});
}

// By so much that the numbers as they are shown (hundredths) say it.
bool plainly_more(double one, double other) {
  return std::round(100 * one) > std::round(100 * other);
}

std::string retreat_text(const Kinematics& motion, const Evidence& evidence, Side winner) {
  const Side loser = opposite(winner);
  if (!plainly_more(evidence.value[loser], evidence.value[winner]))
    return on_the_whole(Topic::retreat, winner);
  return say({capitalised(name(loser)), " gave ground from ", seconds(motion.times[evidence.at[loser]]), ", ",
              against(evidence.value[loser], evidence.value[winner], " m")});
}

// For topics where more speaks for the fencer who has it.
std::string more_text(const Evidence& evidence, Side winner) {
  const double mine = evidence.value[winner];
  const double theirs = evidence.value[opposite(winner)];
  const std::string who = capitalised(name(winner));
  if (!plainly_more(mine, theirs)) return on_the_whole(evidence.topic, winner);
  switch (evidence.topic) {
    case Topic::ground:
      return say({who, " gained more ground into the hit, ", against(mine, theirs, " m")});
    case Topic::hand:
      return say({who, "'s hand came further forward into the hit, ", against(mine, theirs, " m")});
    default:
      return on_the_whole(evidence.topic, winner);
  }
}

std::string text_of(const Kinematics& motion, const Evidence& evidence, Side winner) {
  if (evidence.topic == Topic::stop) return stop_text(motion, evidence, winner);
  if (evidence.topic == Topic::retreat) return retreat_text(motion, evidence, winner);
  return more_text(evidence, winner);
}

// Topics that only make sense together are one finding, under the first of them: speed and posture are
// weighed against the ground gained.
struct Strand {
  std::string_view kind;
  Topic lead;
  std::vector<Topic> others;
};

const std::vector<Strand>& strands() {
  static const std::vector<Strand> all{
      {"last_stop", Topic::stop, {}},  {"ground", Topic::ground, {Topic::speed, Topic::posture}},
      {"retreat", Topic::retreat, {}}, {"hand", Topic::hand, {}},
      {"blade", Topic::contact, {}},   {kCourse, Topic::pattern, {}}};
  return all;
}

Evidence combined(const Strand& strand, const Opinion& opinion) {
  Evidence out = opinion.evidence[static_cast<std::size_t>(strand.lead)];
  for (const Topic topic : strand.others)
    out.weight += opinion.evidence[static_cast<std::size_t>(topic)].weight;
  return out;
}

Finding learned(const Kinematics& motion, std::string_view kind, const Evidence& evidence,
                types::Weapon weapon) {
  const Side winner = evidence.weight > 0 ? Side::left : Side::right;
  // Where the other one stopped or gave ground.
  const std::size_t at = evidence.at[opposite(winner)];
  Finding out;
  out.kind = kind;
  out.time = motion.times[at];
  out.frame = motion.frames[at];
  out.value = evidence.value.left - evidence.value.right;
  out.unit = evidence.unit;
  out.rule = cite(rule_of(evidence.topic), weapon);
  out.weight = std::abs(evidence.weight);
  out.favours = winner;
  out.text = text_of(motion, evidence, winner);
  return out;
}

std::string body_of(const Sight& sight) {
  const std::string who = name(sight.fencer);
  if (sight.body == Body::arms) return say({who, "'s arms"});
  if (sight.body == Body::legs) return say({who, "'s legs"});
  return who;
}

std::string when(const Kinematics& motion, const Sight& sight) {
  const std::string to = seconds(motion.times[sight.to]);
  if (sight.from <= 0) return say({"until ", to});
  return say({"from ", seconds(motion.times[sight.from]), " to ", to});
}

// What the networks say, and what they saw.
void add_sight(const Kinematics& motion, const Sight& sight, Finding& course) {
  course.time = motion.times[sight.from];
  course.frame = motion.frames[sight.from];
  course.value = sight.change;
  course.unit = "log-odds";
  course.text += say({", most of all what ", body_of(sight), " did ", when(motion, sight)});
}

}  // namespace

std::vector<Finding> learned_findings(const Kinematics& motion, const Opinion& opinion,
                                      types::Weapon weapon) {
  std::vector<Finding> out;
  for (const Strand& strand : strands()) {
    const Evidence evidence = combined(strand, opinion);
    if (evidence.weight == 0) continue;
    out.push_back(learned(motion, strand.kind, evidence, weapon));
    if (strand.kind == kCourse && opinion.sight) add_sight(motion, *opinion.sight, out.back());
  }
  return out;
}

}  // namespace piste::referee
