#include "referee/model.h"

#include <cmath>

namespace piste::referee {
namespace {

using types::Side;

// Of a description's feature: towards whoever has more of it.
using Weights = std::array<double, kFeatures>;

// Simultaneous actions look alike from both sides: weights of |left - right| and of left + right.
struct Likeness {
  double constant;
  Weights difference;
  Weights sum;
};

struct Model {
  Weights weights;
  Likeness simultaneous;
  double threshold;  // probability of simultaneous actions from which on it is said
};

#include "referee/model_weights.inc"

const Model& model_for(const Kinematics& motion) {
  return motion.displacements ? kDisplacements : kPlaces;
}

// Mirrored exactly: p(-z) is 1 - p(z).
double probability(double log_odds) {
  const double likely = 1 / (1 + std::exp(-std::abs(log_odds)));
  return log_odds >= 0 ? likely : 1 - likely;
}

std::size_t moment(const Description& fencer, Topic topic, std::size_t touch) {
  switch (topic) {
    case Topic::stop:
      return fencer.last_stop;
    case Topic::retreat:
      return fencer.furthest;
    case Topic::contact:
      return fencer.contact;
    default:
      return touch;
  }
}

std::array<Evidence, kTopics> collect(const types::PerSide<Description>& fencers, const Weights& weights,
                                      std::size_t touch) {
  std::array<Evidence, kTopics> out{};
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const Feature& feature = features()[i];
    Evidence& evidence = out[static_cast<std::size_t>(feature.topic)];
    if (evidence.measure.empty()) {
      evidence = {feature.topic,
                  0,
                  feature.name,
                  feature.unit,
                  {fencers.left.values[i], fencers.right.values[i]},
                  {moment(fencers.left, feature.topic, touch), moment(fencers.right, feature.topic, touch)}};
    }
    evidence.weight += weights[i] * (fencers.left.values[i] - fencers.right.values[i]);
  }
  return out;
}

double simultaneous(const types::PerSide<Description>& fencers, const Likeness& model) {
  double sum = model.constant;
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const double left = fencers.left.values[i];
    const double right = fencers.right.values[i];
    sum += model.difference[i] * std::abs(left - right) + model.sum[i] * (left + right);
  }
  return probability(sum);
}

}  // namespace

Opinion opine(const Kinematics& motion, const std::vector<double>& contacts) {
  Opinion out;
  if (motion.empty()) return out;
  const Model& model = model_for(motion);
  const auto fencers = describe(motion, contacts);
  out.evidence = collect(fencers, model.weights, motion.touch);
  for (const Evidence& evidence : out.evidence) out.log_odds_left += evidence.weight;
  out.probability_left = probability(out.log_odds_left);
  out.probability_simultaneous = simultaneous(fencers, model.simultaneous);
  out.simultaneous = out.probability_simultaneous >= model.threshold;
  return out;
}

}  // namespace piste::referee
