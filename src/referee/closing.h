// When the fencers stop closing the distance: the hit as the motion shows it, to compare with the box's.
#pragma once

#include <optional>
#include <string>

#include "referee/kinematics.h"

namespace piste::referee {

// Seconds on the tracks' clock, from 1.5 s before the touch to .5 s after it; nullopt where the distance is
// not closed there, or for displacements, whose touch is an estimate of that kind.
std::optional<double> closing_ends(const Kinematics& motion);

// Why the log's moment of the hit and the motion's cannot both be right; empty: they agree, or the motion
// shows none.
std::string hit_doubt(const Kinematics& motion);

}  // namespace piste::referee
