// What the learned model looks at by name: each fencer's phrase as a few numbers, measured the same way for
// both. A fencer's numbers depend on this fencer's motion alone, so swapping the fencers swaps them exactly.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "referee/kinematics.h"

namespace piste::referee {

// A group is what a person would call one piece of evidence; its features overlap, their weights only make
// sense together.
enum class Topic : std::size_t { stop, ground, speed, retreat, hand, contact, posture, pattern };
constexpr std::size_t kTopics = 8;
std::string_view name_of(Topic topic);

struct Feature {
  std::string_view name;
  Topic topic;
  std::string_view unit;
  bool needs_places;  // needs joints above the elbows, or where body parts are relative to one another
};

// What a referee could name, in the order of Description::values; the formulas are in features.cpp, in the
// same order. The topic `pattern` has none: that is what the networks read in the whole course.
constexpr std::size_t kFeatures = 37;
const std::array<Feature, kFeatures>& features();

struct Description {
  std::array<double, kFeatures> values{};
  std::size_t last_stop = 0;  // index of the clock: when the hips last did not go forward
  std::size_t furthest = 0;   // when the hips were furthest forward within 1.6 s before the touch
  std::size_t contact = 0;    // the last blade contact within a second before the touch; 0: none
};

// contacts: times of blade contacts on the tracks' clock, in order. motion must not be empty.
types::PerSide<Description> describe(const Kinematics& motion, const std::vector<double>& contacts);

}  // namespace piste::referee
