// The numbers of the learned model, as text that a person can read and a program can replace. The ones that
// are built in stand in model_weights.inc, made by tools/train_referee/train from recorded phrases.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "referee/features.h"
#include "referee/waves.h"
#include "types/side.h"

namespace piste::referee {

using FeatureWeights = std::array<double, kFeatures>;

// What differs between inputs with places and displacements.
struct InputWeights {
  FeatureWeights towards{};  // of left - right: towards whoever has more
  double pattern = 0;        // of what the comparison says
};

// An invented phrase, and what a phrase like it speaks for.
struct Example {
  double left = 0;          // that left has right of way; of its mirror image: that right has
  double simultaneous = 0;  // that both acted at once; of its mirror image, too
  types::PerSide<Waves> fencers{};
};

// Log-odds of left: the sum over the examples of left * (how like the example the phrase is - how like its
// mirror image). Log-odds of simultaneous actions: the constant and the sum of simultaneous * (the same two,
// added). Likeness of two phrases: the sum of 1 / (1 + d) over speeds and places, each of the hips and the
// front hand and of the whole body, where d is the sum over both fencers' waves of that kind of nearness *
// difference^2.
struct Comparison {
  // Nearness; 0 for the waves that are not looked at.
  Waves hand{};  // of the hips and the front hand
  Waves body{};
  std::vector<Example> examples;
  double constant = 0;
  double threshold = 2;  // probability from which on simultaneous actions are said; over 1: never
};

struct Weights {
  InputWeights places;
  InputWeights displacements;
  Comparison comparison;
};

enum class WeightsError { malformed };

// Lines: "places" or "displacements" and then "pattern W" and "feature NAME TOWARDS" of that input; "hand
// NEARNESS..." and "body NEARNESS...", a number for each wave in the order of wave_names(); "example LEFT
// SIMULTANEOUS WAVES...", the waves in hundredths of their unit and the left fencer's first; "simultaneous
// CONSTANT THRESHOLD". What is not named is 0. "#" begins a comment line.
base::Result<Weights, WeightsError> parse_weights(std::string_view text);

const Weights& built_in_weights();

}  // namespace piste::referee
