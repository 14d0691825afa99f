// What a fencer did, in a referee's words: who came forward from when, by how much, who stopped when. Each
// claims what was measured and no more; where the measure does not say what the evidence says, there is none.
#pragma once

#include <optional>
#include <string>

#include "referee/kinematics.h"
#include "referee/model.h"
#include "types/said.h"

namespace piste::referee {

std::optional<types::Said> account_of(const Kinematics& motion, const Evidence& evidence, types::Side winner);
// Of what the networks saw.
std::optional<types::Said> account_of(const Kinematics& motion, const Sight& sight, types::Side winner);

// For evidence without such words: what it is about.
types::Said unnamed(Topic topic, types::Side winner);
types::Said unnamed(const Sight& sight, const Kinematics& motion, types::Side winner);

}  // namespace piste::referee
