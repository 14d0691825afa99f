// Who had right of way when both lamps lit, as a probability: the learned part of the referee. A weighted sum
// of how the two fencers' descriptions differ, and what networks read in the whole course of their motion.
// Swapping the fencers turns log_odds_left into its negative, bit for bit.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "referee/course.h"
#include "referee/features.h"
#include "referee/kinematics.h"
#include "referee/weights.h"

namespace piste::referee {

// What the features of one topic say together; of the topic `pattern`: what the networks say.
struct Evidence {
  Topic topic = Topic::stop;
  double weight = 0;               // log-odds towards the left fencer
  std::string_view measure;        // name of the topic's first feature
  std::string_view unit;           // of `value`
  types::PerSide<double> value;    // that feature of each fencer
  types::PerSide<std::size_t> at;  // index of the clock that it speaks of
};

// What the networks saw, found by leaving it out: how much less they would say, had a part of one fencer
// stood still for a while.
struct Sight {
  types::Side fencer = types::Side::left;
  Body body = Body::whole;
  std::size_t from = 0;  // index of the clock
  std::size_t to = 0;    // the first after it
  double change = 0;     // of the log-odds of left that the networks give, by leaving this out
};

struct Opinion {
  double log_odds_left = 0;       // the sum of the evidence's weights
  double probability_left = 0.5;  // calibrated on dates that were held out
  // Of a simultaneous action, no touch; learned from displacements alone, 0 for places.
  double probability_simultaneous = 0;
  std::array<Evidence, kTopics> evidence{};
  double spread = 0;           // of the log-odds, between networks that have learned from different dates
  std::optional<Sight> sight;  // what spoke most for what the networks say; none where nothing does
};

// contacts: times of blade contacts on the tracks' clock, in order; none for displacements. An empty motion
// gives no opinion: probability .5. weights: others than the built-in ones are for measuring.
Opinion opine(const Kinematics& motion, const std::vector<double>& contacts,
              const Weights& weights = built_in_weights());

}  // namespace piste::referee
