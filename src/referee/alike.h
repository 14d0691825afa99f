// Simultaneous actions as they can be seen: both attack, and neither is earlier or faster by more than the
// keypoints' noise.
#pragma once

#include <optional>
#include <vector>

#include "referee/actions.h"
#include "referee/kinematics.h"

namespace piste::referee {

// How far apart the hips' speeds are (units/s, root of the mean square over the last .8 s) where that is too
// little to tell the attacks apart. Only of recordings with places: for displacements there is a learned one.
std::optional<double> alike_attacks(const Kinematics& motion, const std::vector<Span>& actions);

}  // namespace piste::referee
