// One fencer's legs: forward, backward, standing, and lunges.
#pragma once

#include <vector>

#include "referee/actions.h"

namespace piste::referee {

// Advances, retreats and pauses: they cover the clock without gaps.
std::vector<Span> find_footwork(const Kinematics& motion, types::Side side);

std::vector<Span> find_lunges(const Kinematics& motion, types::Side side);

// How sure it is that a speed is above a limit, 0..1; the noise of a speed is kSpeedError.
double above(double speed, double limit);

// Part of the stretch in which the hips were measured.
double part_known(const Series& hips, std::size_t first, std::size_t last);

double mean_speed(const Series& hips, std::size_t first, std::size_t last);

}  // namespace piste::referee
