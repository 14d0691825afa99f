// The course of a fencer's speed as a few numbers: how much of each of the slowest cosine waves is in it.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "referee/kinematics.h"

namespace piste::referee {

constexpr std::size_t kWavesEach = 12;          // of a joint: from the mean speed to 2.4 periods a second
constexpr std::size_t kWaves = 6 * kWavesEach;  // hips, front foot, rear foot, front hand, knee, elbow

// "hips_wave_0" ... "front_elbow_wave_11".
const std::array<std::string, kWaves>& wave_names();

// Forward speed from 2 s before the touch to .2 s after it, 15 samples a second, 0 where there is no phrase:
// wave i is the mean of speed * cos(pi i (k + 1/2) / samples), times the root of 2 for i > 0.
std::array<double, kWaves> waves(const FencerMotion& fencer, std::size_t touch);

}  // namespace piste::referee
