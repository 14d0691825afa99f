// The rules that a decision can cite, with their articles and weights, in one table: a new edition of the
// rule book is one edit. Numbering: FIE Technical Rules as renumbered in December 2017.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "types/phrase.h"

namespace piste::referee {

enum class Rule {
  attack,          // the first offensive action, going on without a stop
  attack_stopped,  // a pause or a step back gives right of way away
  preparation,     // a slow or stopping advance is no attack
  parry_riposte,   // a parry gives right of way to an immediate riposte
  remise,          // after a delayed riposte the attacker's renewed action comes first
  beat,            // a beat gives nothing by itself, the offensive action after it does
  counter_attack,  // into a correct attack it loses
  point_in_line,   // the attacker must deflect a point that was in line before
  simultaneous,    // both attack at once: no touch
  no_hit,          // nothing valid was hit
  single_hit,      // one lamp
  off_target,      // foil: the white lamp stops the phrase
  too_late,        // the hit came after the lockout
  double_hit,      // epee: a touch for each
};
constexpr std::size_t kRules = 14;

struct Article {
  Rule rule;
  std::string_view foil;
  std::string_view sabre;
  std::string_view epee;  // empty: the weapon has no such rule
  std::string_view name;
  // What the rule adds to the decision's log-odds where it is seen beyond doubt; 0: it is only cited. Set by
  // hand and small, because the learned evidence already holds most of what the rule sees (docs/referee.md).
  double weight;
};

const Article& article(Rule rule);

// "FIE t.100-t.106, attack": what a finding cites.
std::string cite(Rule rule, types::Weapon weapon);

// How long after a first hit the other fencer's hit still counts, in seconds.
struct Lockout {
  double nominal;
  double latest;  // nominal and the tolerance of the apparatus
};
Lockout lockout_of(types::Weapon weapon);

}  // namespace piste::referee
