// The learned evidence as findings, in a referee's words.
#pragma once

#include <vector>

#include "referee/kinematics.h"
#include "referee/model.h"
#include "types/phrase.h"
#include "types/verdict.h"

namespace piste::referee {

// A topic without weight is left out.
std::vector<types::Finding> learned_findings(const Kinematics& motion, const Opinion& opinion,
                                             types::Weapon weapon);

}  // namespace piste::referee
