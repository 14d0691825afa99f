// Whether what was followed can be fencing: a film of people who walk, stand or talk has two bodies in it as
// well, and whoever tells of hits in it is believed. Right of way is asked for only where two fencers could
// have hit each other.
#pragma once

#include <string>

#include "referee/kinematics.h"
#include "types/said.h"

namespace piste::referee {

// Why nobody can have hit like that, in plain words; empty: they can. Displacements say nothing of it.
types::Said no_fencing(const Kinematics& motion);

}  // namespace piste::referee
