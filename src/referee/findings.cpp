#include "referee/findings.h"

#include <algorithm>

#include "referee/learned_findings.h"
#include "referee/rule_findings.h"
#include "types/said.h"

namespace piste::referee {

using types::Finding;
using types::Side;

std::vector<Finding> find_evidence(const Kinematics& motion, const std::vector<Span>& actions,
                                   const Opinion& opinion, types::Weapon weapon) {
  std::vector<Finding> out = learned_findings(motion, opinion, weapon);
  for (Finding& finding : rule_findings(motion, actions, weapon)) out.push_back(std::move(finding));
  // Never by side: swapped fencers must give the same order.
  std::sort(out.begin(), out.end(), [](const Finding& a, const Finding& b) {
    return a.time != b.time ? a.time < b.time : a.kind < b.kind;
  });
  return out;
}

double log_odds_left(const std::vector<Finding>& findings) {
  double sum = 0;
  for (const Finding& finding : findings)
    if (finding.favours) sum += *finding.favours == Side::left ? finding.weight : -finding.weight;
  return sum;
}

void scale(double share, std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    finding.weight *= share;
    if (finding.saw) finding.value = finding.saw->log_odds *= share;
  }
}

namespace {

// What was measured before what the networks saw, and that before what has no name.
int rank(const Finding& finding) {
  if (!finding.named) return 2;
  return finding.kind == kCourse ? 1 : 0;
}

}  // namespace

const Finding* strongest_for(Side side, const std::vector<Finding>& findings) {
  const Finding* best = nullptr;
  const auto before = [](const Finding& a, const Finding& b) {
    return rank(a) != rank(b) ? rank(a) < rank(b) : a.weight > b.weight;
  };
  for (const Finding& finding : findings)
    if (finding.favours == side && (!best || before(finding, *best))) best = &finding;
  return best;
}

std::string code_of(Side winner, const std::vector<Finding>& findings) {
  const Finding& decisive = *strongest_for(winner, findings);
  if (!decisive.named) return "attack_by_little";
  const bool own_word =
      decisive.kind == "riposte" || decisive.kind == "remise" || decisive.kind == "point_in_line";
  return own_word ? decisive.kind : "attack";
}

types::Said sentence(Side winner, const std::vector<Finding>& findings) {
  const types::Said call = types::said(code_of(winner, findings), {{"who", winner}});
  const Finding& decisive = *strongest_for(winner, findings);
  return decisive.named ? about(call, decisive.text) : call;
}

}  // namespace piste::referee
