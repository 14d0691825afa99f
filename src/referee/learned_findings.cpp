#include "referee/learned_findings.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "referee/accounts.h"
#include "referee/rules.h"

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
  if (auto account = account_of(motion, evidence, winner)) {
    out.text = std::move(*account);
  } else {
    out.named = false;
    out.text = unnamed(evidence.topic, winner);
  }
  return out;
}

// What the networks say, and what they saw.
void add_sight(const Kinematics& motion, const Sight& sight, Finding& course) {
  course.time = motion.times[sight.from];
  course.frame = motion.frames[sight.from];
  course.value = sight.change;
  course.unit = "log-odds";
  course.saw = types::Attribution{sight.fencer, joints_of(sight.body), motion.times[sight.from],
                                  motion.times[sight.to], sight.change};
  const auto account = account_of(motion, sight, *course.favours);
  course.named = account.has_value();
  course.text = account ? *account : unnamed(sight, motion, *course.favours);
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
