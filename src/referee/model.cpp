#include "referee/model.h"

#include <cmath>

namespace piste::referee {
namespace {

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

std::array<Evidence, kTopics> collect(const types::PerSide<Description>& fencers,
                                      const FeatureWeights& weights, std::size_t touch) {
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

double activation(const Unit& unit, const FeatureWeights& mine, const FeatureWeights& theirs) {
  double sum = unit.bias;
  for (std::size_t i = 0; i < kFeatures; ++i) sum += unit.mine[i] * mine[i] + unit.theirs[i] * theirs[i];
  return std::tanh(sum);
}

double pattern(const types::PerSide<Description>& fencers, const std::vector<Unit>& network) {
  const auto& left = fencers.left.values;
  const auto& right = fencers.right.values;
  double sum = 0;
  for (const Unit& unit : network)
    sum += unit.output * (activation(unit, left, right) - activation(unit, right, left));
  return sum;
}

double simultaneous(const types::PerSide<Description>& fencers, const InputWeights& weights) {
  double sum = weights.constant;
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const double left = fencers.left.values[i];
    const double right = fencers.right.values[i];
    sum += weights.difference[i] * std::abs(left - right) + weights.sum[i] * (left + right);
  }
  return probability(sum);
}

}  // namespace

Opinion opine(const types::PerSide<Description>& fencers, std::size_t touch, const InputWeights& weights,
              const std::vector<Unit>& network) {
  Opinion out;
  out.evidence = collect(fencers, weights.towards, touch);
  out.evidence[static_cast<std::size_t>(Topic::pattern)].weight +=
      weights.pattern * pattern(fencers, network);
  for (const Evidence& evidence : out.evidence) out.log_odds_left += evidence.weight;
  out.probability_left = probability(out.log_odds_left);
  out.probability_simultaneous = simultaneous(fencers, weights);
  out.simultaneous = out.probability_simultaneous >= weights.threshold;
  return out;
}

Opinion opine(const Kinematics& motion, const std::vector<double>& contacts, const Weights& weights) {
  if (motion.empty()) return {};
  return opine(describe(motion, contacts), motion.touch,
               motion.displacements ? weights.displacements : weights.places, weights.network);
}

}  // namespace piste::referee
