#include "referee/model.h"

#include <algorithm>
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

Waves waves_of(const Description& fencer) {
  Waves out;
  std::copy(fencer.values.begin() + kNamed, fencer.values.end(), out.begin());
  return out;
}

struct Apart {
  double speeds = 0;
  double places = 0;
};

Apart apart(const Waves& one, const Waves& other, const Waves& nearness) {
  Apart out;
  for (std::size_t i = 0; i < kWaves; ++i) {
    const double difference = one[i] - other[i];
    (is_speed(i) ? out.speeds : out.places) += nearness[i] * difference * difference;
  }
  return out;
}

double likeness(const Apart& left, const Apart& right) {
  return 0.5 / (1 + left.speeds + right.speeds) + 0.5 / (1 + left.places + right.places);
}

struct Compared {
  double left = 0;          // log-odds
  double simultaneous = 0;  // log-odds
};

Compared compare(const types::PerSide<Description>& fencers, const Comparison& comparison) {
  const Waves left = waves_of(fencers.left);
  const Waves right = waves_of(fencers.right);
  const Waves& nearness = comparison.nearness;
  Compared out{0, comparison.constant};
  for (const Example& example : comparison.examples) {
    const auto& known = example.fencers;
    const double as_it_is = likeness(apart(left, known.left, nearness), apart(right, known.right, nearness));
    const double mirrored = likeness(apart(right, known.left, nearness), apart(left, known.right, nearness));
    out.left += example.left * (as_it_is - mirrored);
    out.simultaneous += example.simultaneous * (as_it_is + mirrored);
  }
  return out;
}

}  // namespace

Opinion opine(const types::PerSide<Description>& fencers, std::size_t touch, const InputWeights& weights,
              const Comparison& comparison) {
  Opinion out;
  out.evidence = collect(fencers, weights.towards, touch);
  const Compared compared = compare(fencers, comparison);
  out.evidence[static_cast<std::size_t>(Topic::pattern)].weight += weights.pattern * compared.left;
  for (const Evidence& evidence : out.evidence) out.log_odds_left += evidence.weight;
  out.probability_left = probability(out.log_odds_left);
  out.probability_simultaneous = probability(compared.simultaneous);
  out.simultaneous = out.probability_simultaneous >= comparison.threshold;
  return out;
}

Opinion opine(const Kinematics& motion, const std::vector<double>& contacts, const Weights& weights) {
  if (motion.empty()) return {};
  return opine(describe(motion, contacts), motion.touch,
               motion.displacements ? weights.displacements : weights.places, weights.comparison);
}

}  // namespace piste::referee
