// What speaks for which fencer when both lamps are on: the learned evidence and the rules over the actions,
// as one list of findings. Their signed weights (left positive) add up to the decision's log-odds.
#pragma once

#include <vector>

#include "referee/actions.h"
#include "referee/kinematics.h"
#include "referee/model.h"
#include "types/phrase.h"
#include "types/said.h"
#include "types/verdict.h"

namespace piste::referee {

// In order of time.
std::vector<types::Finding> find_evidence(const Kinematics& motion, const std::vector<Span>& actions,
                                          const Opinion& opinion, types::Weapon weapon);

// Towards left > 0 > right.
double log_odds_left(const std::vector<types::Finding>& findings);

// So much is left of every weight, and of what the networks saw.
void scale(double share, std::vector<types::Finding>& findings);

// The weightiest finding that favours this fencer; what the networks saw only when there is no other, and one
// without a name only when there is not even that. Null when there is none.
const types::Finding* strongest_for(types::Side side, const std::vector<types::Finding>& findings);

// The call in a referee's words, by strongest_for: "Attack from the right: left stopped at 1.20 s while right
// kept advancing". Precondition: something favours the winner.
types::Said sentence(types::Side winner, const std::vector<types::Finding>& findings);
// The same in a word: "attack". Likewise.
std::string code_of(types::Side winner, const std::vector<types::Finding>& findings);

}  // namespace piste::referee
