// Who had right of way when both lamps lit, as a probability: the learned part of the referee. A weighted sum
// of how the two fencers' descriptions differ, and a comparison of their motion with that of invented
// phrases. Swapping the fencers turns log_odds_left into its negative, bit for bit.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "referee/features.h"
#include "referee/kinematics.h"
#include "referee/weights.h"

namespace piste::referee {

// What the features of one topic say together; of the topic `pattern`: what the comparison says.
struct Evidence {
  Topic topic = Topic::stop;
  double weight = 0;               // log-odds towards the left fencer
  std::string_view measure;        // name of the topic's first feature
  std::string_view unit;           // of `value`
  types::PerSide<double> value;    // that feature of each fencer
  types::PerSide<std::size_t> at;  // index of the clock that it speaks of
};

struct Opinion {
  double log_odds_left = 0;       // the sum of the evidence's weights
  double probability_left = 0.5;  // calibrated on dates that were held out
  // Of a simultaneous action, no touch; learned from displacements alone.
  double probability_simultaneous = 0;
  bool simultaneous = false;  // that is enough to say so
  std::array<Evidence, kTopics> evidence{};
};

// contacts: times of blade contacts on the tracks' clock, in order; none for displacements. An empty motion
// gives no opinion: probability .5. weights: others than the built-in ones are for measuring.
Opinion opine(const Kinematics& motion, const std::vector<double>& contacts,
              const Weights& weights = built_in_weights());

// The same from what was measured. touch: index of the clock.
Opinion opine(const types::PerSide<Description>& fencers, std::size_t touch, const InputWeights& weights,
              const Comparison& comparison);

}  // namespace piste::referee
