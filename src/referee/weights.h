// The numbers of the learned model, as text that a person can read and a program can replace. The ones that
// are built in stand in model_weights.inc, made by tools/train_referee/train from recorded phrases.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "referee/features.h"

namespace piste::referee {

using FeatureWeights = std::array<double, kFeatures>;

// What differs between inputs with places and displacements.
struct InputWeights {
  FeatureWeights towards{};     // of left - right: towards whoever has more
  double pattern = 0;           // of the network's score
  double constant = 0;          // simultaneous actions look alike from both sides: a constant,
  FeatureWeights difference{};  // of |left - right|,
  FeatureWeights sum{};         // of left + right
  double threshold = 2;         // probability from which on simultaneous actions are said; over 1: never
};

// A hidden unit: output * (tanh(bias + mine.L + theirs.R) - tanh(bias + mine.R + theirs.L)).
struct Unit {
  double output = 0;
  double bias = 0;
  FeatureWeights mine{};
  FeatureWeights theirs{};
};

struct Weights {
  InputWeights places;
  InputWeights displacements;
  std::vector<Unit> network;
};

enum class WeightsError { malformed };

// Lines: "places" or "displacements" and then "pattern W", "simultaneous CONSTANT THRESHOLD" and
// "feature NAME TOWARDS DIFFERENCE SUM" of that input; "inputs NAME..." and then "unit OUTPUT BIAS MINE...
// THEIRS..." in the order of the inputs. What is not named is 0. "#" begins a comment line.
base::Result<Weights, WeightsError> parse_weights(std::string_view text);

const Weights& built_in_weights();

}  // namespace piste::referee
