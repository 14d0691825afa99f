// What each fencer did, as stretches of time.
#pragma once

#include <vector>

#include "referee/kinematics.h"
#include "types/verdict.h"

namespace piste::referee {

// Of both fencers, in order of start; where two start together the earlier-ending one first, then left.
std::vector<types::Action> find_actions(const Kinematics& motion);

// Speed of the hips (units/s) under which a fencer no longer goes forward.
constexpr double kStopped = 0.30;

}  // namespace piste::referee
