// What a fencer did, in a referee's words: who came forward from when, by how much, who stopped when. Each
// claims what was measured and no more; where the measure does not say what the evidence says, there is none.
#pragma once

#include <optional>
#include <string>

#include "referee/kinematics.h"
#include "referee/model.h"

namespace piste::referee {

std::optional<std::string> account_of(const Kinematics& motion, const Evidence& evidence, types::Side winner);
// Of what the networks saw.
std::optional<std::string> account_of(const Kinematics& motion, const Sight& sight, types::Side winner);

// For evidence without such words: what it is about.
std::string unnamed(Topic topic, types::Side winner);
std::string unnamed(const Sight& sight, const Kinematics& motion, types::Side winner);

}  // namespace piste::referee
