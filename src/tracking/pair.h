// Which two of the people in the picture fence with each other.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "types/pose.h"

namespace piste::tracking {

struct FrameSize {
  int width = 0;
  int height = 0;
};

// Large and sure enough to be looked at.
bool is_person(const types::Pose& pose, const FrameSize& frame);

struct Pair {
  std::size_t left = 0;  // index of the person
  std::size_t right = 0;
  double cost = 0;
};

// How unlike two fencers on one piste the two are: feet on a common line, like in size, facing each other, in
// stance, neither cut off by the lower edge. Small is good; the same for the mirrored picture.
double pair_cost(const types::Pose& left, const types::Pose& right, const FrameSize& frame);

// From this cost on two people are not taken for a pair.
inline constexpr double no_pair = 9.0;

// The pair of least cost, the left one further left. Nothing where no two people could be one.
std::optional<Pair> best_pair(std::span<const types::Pose> people, const FrameSize& frame);

}  // namespace piste::tracking
