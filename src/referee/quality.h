// How well the fencers were seen, and what their motion is worth then.
#pragma once

#include <string>
#include <vector>

#include "referee/kinematics.h"
#include "types/quality.h"
#include "types/said.h"
#include "types/track.h"
#include "types/verdict.h"

namespace piste::referee {

// touch: on the tracks' clock. unit: the tracks' lengths in one unit. least_height: in the tracks' lengths,
// of a fencer who is large enough to be seen well; 0: they are no pixels.
types::Quality measure_quality(const types::Tracks& tracks, double touch, double unit, double least_height);

// What was seen badly in the last second before the hit, in plain words with its time; empty: nothing.
types::Said seen_badly(const types::Quality& quality, double touch, double least_height);

// With probability 1 - believed the tracks show something else than the fencers' motion, and then both are
// equally likely: p becomes .5 + believed (p - .5). All weights are scaled alike, so that they still add up
// to the log-odds. At 1 nothing is touched.
void draw_towards_even(double believed, std::vector<types::Finding>& findings);

// Less than that is no motion to judge by.
constexpr double kLeastBelieved = 0.1;

}  // namespace piste::referee
