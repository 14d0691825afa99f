#include "referee/rule_findings.h"

#include <algorithm>
#include <string>

#include "referee/rules.h"
#include "types/said.h"

namespace piste::referee {
namespace {

using types::Finding;
using types::opposite;
using types::said;
using types::Side;

class Rules {
 public:
  Rules(const Kinematics& motion, const std::vector<Span>& actions, types::Weapon weapon)
      : motion_(motion), actions_(actions), weapon_(weapon) {}

  std::vector<Finding> apply() {
    for (const Side side : types::both_sides) {
      riposte(side);
      beat(side);
      counter_attack(side);
      line(side);
      preparation(side);
    }
    return std::move(out_);
  }

 private:
  const Span* last(Act act, Side side) const { return last_of(actions_, act, side, motion_); }
  double at(std::size_t index) const { return motion_.times[index]; }

  void add(Rule rule, const Span& seen, Side favours, double value, types::Said text) {
    Finding finding;
    finding.kind = rule == Rule::preparation ? "preparation" : to_string(seen.act);
    finding.time = motion_.times[seen.first];
    finding.frame = motion_.frames[seen.first];
    finding.value = value;
    finding.unit = std::string("s");  // assigning a bare literal trips GCC 12
    finding.rule = cite(rule, weapon_);
    finding.weight = article(rule).weight * seen.confidence;
    finding.favours = favours;
    finding.text = std::move(text);
    if (finding.weight > 0) out_.push_back(std::move(finding));
  }

  // value: from the parry to the riposte.
  void riposte(Side side) {
    const Span* parry = last(Act::parry, side);
    const Span* riposte = last(Act::riposte, side);
    if (!parry || !riposte) return;
    const double delay = motion_.times[riposte->first] - motion_.times[parry->first];
    const Span* remise = last(Act::remise, opposite(side));
    if (delay <= kAtOnce)
      return add(
          Rule::parry_riposte, *riposte, side, delay,
          said("riposted_at_once", {{"who", side}, {"at", at(parry->first)}, {"other", opposite(side)}}));
    if (!remise) return;
    add(Rule::remise, *remise, opposite(side), delay,
        said("riposted_late",
             {{"who", side}, {"at", at(parry->first)}, {"by", delay}, {"other", opposite(side)}}));
  }

  // value: from the beat to the touch.
  void beat(Side side) {
    const Span* beat = last(Act::beat, side);
    if (!beat) return;
    add(Rule::beat, *beat, side, motion_.times[motion_.touch] - motion_.times[beat->first],
        said("beat", {{"who", side}, {"at", at(beat->first)}}));
  }

  // value: by how much the attack began earlier.
  void counter_attack(Side side) {
    const Span* counter = last(Act::counter_attack, side);
    const Span* attack = last(Act::attack, opposite(side));
    if (!counter || !attack) return;
    add(Rule::counter_attack, *counter, opposite(side),
        motion_.times[counter->first] - motion_.times[attack->first],
        said("counter_attacked", {{"who", side},
                                  {"at", at(counter->first)},
                                  {"other", opposite(side)},
                                  {"from", at(attack->first)}}));
  }

  // value: by how much the line stood before the attack.
  void line(Side side) {
    const Span* line = last(Act::point_in_line, side);
    const Span* attack = last(Act::attack, opposite(side));
    if (!line || !attack) return;
    add(Rule::point_in_line, *line, side, motion_.times[attack->first] - motion_.times[line->first],
        said("was_in_line", {{"who", side},
                             {"at", at(line->first)},
                             {"other", opposite(side)},
                             {"from", at(attack->first)}}));
  }

  // A slow advance up to the touch while the other attacks. value: how long the advance had gone on.
  void preparation(Side side) {
    const Span* advance = last(Act::advance, side);
    const Span* own = last(Act::attack, side);
    const Span* attack = last(Act::attack, opposite(side));
    if (!advance || !attack || advance->last < motion_.touch || attack->last < motion_.touch) return;
    if ((own && own->last >= advance->first) || advance->first > attack->first) return;
    Span seen = *advance;
    seen.confidence = std::min(advance->confidence, attack->confidence);
    add(Rule::preparation, seen, opposite(side), motion_.times[motion_.touch] - motion_.times[advance->first],
        said("was_preparing", {{"who", side}, {"other", opposite(side)}, {"at", at(attack->first)}}));
  }

  const Kinematics& motion_;
  const std::vector<Span>& actions_;
  const types::Weapon weapon_;
  std::vector<Finding> out_;
};

}  // namespace

std::vector<Finding> rule_findings(const Kinematics& motion, const std::vector<Span>& actions,
                                   types::Weapon weapon) {
  return Rules(motion, actions, weapon).apply();
}

}  // namespace piste::referee
