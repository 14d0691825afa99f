// When the fencers stop closing the distance: the hit as the motion shows it, to compare with the box's, and
// an estimate from both.
#pragma once

#include <optional>
#include <string>

#include "referee/kinematics.h"
#include "types/said.h"

namespace piste::referee {

// The end that is nearest to the touch, in seconds on the tracks' clock, from 1.5 s before the touch to the
// end of the motion: fencers may close twice, and the slower time counts where it is at least half as fast.
// nullopt where the distance is not closed there, or for displacements, whose touch is an estimate of that
// kind.
std::optional<double> closing_ends(const Kinematics& motion);

// The moment by which the motion is judged, on the tracks' clock.
struct Hit {
  double time = 0;
  types::Said doubt;  // why the log's moment and the motion's cannot both be right; empty: they agree
};

// The log's, where the motion agrees or shows none; else the one nearest to it with which the motion agrees.
// motion: measured about the log's, up to kSeenAfterHit after it.
Hit estimate_hit(const Kinematics& motion);

// Why it may be slow motion: never do they come together as fast as an attack does. Empty: they do. motion:
// as above.
types::Said slow_motion(const Kinematics& motion);

constexpr double kSeenAfterHit = 1.0;  // s: so that a log that is too early is told

}  // namespace piste::referee
