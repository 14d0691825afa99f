// Which two of the people in the picture fence with each other.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "tracking/geometry.h"
#include "types/pose.h"
#include "types/side.h"

namespace piste::tracking {

struct FrameSize {
  int width = 0;
  int height = 0;
};

// s beside the fencers, from which on somebody is a bystander.
inline constexpr double stood_by = 0.6;

// What is weighed of somebody; from one picture, or gathered over time (tracking/crowd.h).
struct Person {
  Point torso;
  double feet = 0;    // y of the lower one
  double height = 1;  // standing, in pixels
  double stance = 0;  // distance of the feet, in heights of the box
  double facing = 0;  // -1 to the left .. 1 to the right
  double score = 0;
  std::optional<types::Clothes> clothes = std::nullopt;
  double known_for = 0;                              // s, for which he has been watched
  double beside = 0;                                 // s of it, in which two others were the fencers
  std::optional<types::Side> fencer = std::nullopt;  // he was certain to be this one
  bool cut_off = false;                              // by the lower edge
  bool candidate = false;                            // large and sure enough, and not left out
  bool left_out = false;                             // a person's marks say that he is no fencer

  // He stood by while two others fenced.
  bool is_bystander() const { return beside > stood_by; }
};

Person person_of(const types::Pose& pose, const FrameSize& frame);

struct Pair {
  std::size_t left = 0;  // index of the person
  std::size_t right = 0;
  double cost = 0;
};

// How unlike two fencers on one piste the two are: feet and sizes as perspective allows on one floor, facing
// each other, in guard, not cut off by the lower edge, large. Small is good; the same for the mirrored
// picture.
double pair_cost(const Person& left, const Person& right, const FrameSize& frame);

// The part of it that the two places in the picture tell: whether both can stand on one floor, and apart.
double place_cost(const Person& left, const Person& right);

// From this cost on two people are not taken for a pair.
inline constexpr double no_pair = 9.0;

// The pair of least cost, the left one further left, of all but one person. nullopt where no two people could
// be one.
std::optional<Pair> best_pair(std::span<const Person> people, const FrameSize& frame,
                              std::optional<std::size_t> without = std::nullopt);

}  // namespace piste::tracking
