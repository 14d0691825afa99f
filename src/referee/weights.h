// The numbers of the learned model, as text that a person can read and a program can replace. The ones that
// are built in stand in model_weights.inc, made by tools/train_referee/train from recorded phrases.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "referee/features.h"
#include "referee/network.h"

namespace piste::referee {

using FeatureWeights = std::array<double, kFeatures>;

// What differs between inputs with places and displacements.
struct InputWeights {
  FeatureWeights towards{};  // of left - right: towards whoever has more
  double pattern = 0;        // of the mean of the networks' answers
};

// Log-odds of simultaneous actions, learned from displacements alone: the constant, and of each feature how
// far the fencers are apart (its size) and what they have together.
struct Simultaneous {
  double constant = 0;
  FeatureWeights apart{};
  FeatureWeights together{};
};

struct Weights {
  InputWeights places;
  InputWeights displacements;
  std::vector<Network> networks;  // each has learned without some of the dates
  std::optional<Simultaneous> simultaneous;
};

enum class WeightsError { malformed };

// Lines: "places" or "displacements" and then "pattern W" and "feature NAME TOWARDS" of that input;
// "simultaneous CONSTANT" and then "both NAME APART TOGETHER"; "network" and then for each of its layers, in
// order, "layer WEIGHTS... BIASES..." and at last "left WEIGHTS...". What is not named is 0. "#" begins a
// comment line.
base::Result<Weights, WeightsError> parse_weights(std::string_view text);

const Weights& built_in_weights();

}  // namespace piste::referee
