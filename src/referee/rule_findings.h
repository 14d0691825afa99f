// The rules over the actions as findings: each cites its article, and weighs what the table gives it times
// how sure the action is.
#pragma once

#include <vector>

#include "referee/actions.h"
#include "referee/kinematics.h"
#include "types/phrase.h"
#include "types/verdict.h"

namespace piste::referee {

std::vector<types::Finding> rule_findings(const Kinematics& motion, const std::vector<Span>& actions,
                                          types::Weapon weapon);

}  // namespace piste::referee
