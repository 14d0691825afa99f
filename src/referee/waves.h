// The course of a fencer's motion as a few numbers: how much of each of the slowest cosine waves is in it.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "referee/kinematics.h"

namespace piste::referee {

// Of the hips and the front hand, and (the slower ones alone) of seven other joints: elbows, rear hand, knees
// and ankles.
constexpr std::size_t kSpeedWaves = 16;      // from the mean to 2.5 periods a second
constexpr std::size_t kPlaceWaves = 8;       // to 1.2 periods a second
constexpr std::size_t kSlowSpeedWaves = 10;  // to 1.5 periods a second
constexpr std::size_t kSlowPlaceWaves = 5;   // to .7 periods a second
constexpr std::size_t kSpeeds = 2 * kSpeedWaves + 7 * kSlowSpeedWaves;
constexpr std::size_t kWaves = kSpeeds + 2 * kPlaceWaves + 7 * kSlowPlaceWaves;

using Waves = std::array<double, kWaves>;

// "hips_speed_0" ... "front_ankle_place_4".
const std::array<std::string, kWaves>& wave_names();

// Forward speed (units/s; 0 where there is no phrase), and place relative to where it is at the touch
// (units), from 2.47 s before the touch to .47 s after it, 15 samples a second: wave i is the mean of sample
// * cos(pi i (k + 1/2) / samples), times the root of 2 for i > 0.
Waves waves(const FencerMotion& fencer, std::size_t touch);

// The waves of speeds come first.
constexpr bool is_speed(std::size_t wave) {
  return wave < kSpeeds;
}

}  // namespace piste::referee
