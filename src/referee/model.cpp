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

// Squared distances.
struct Apart {
  double hand = 0;
  double body = 0;
};

Apart apart(const Waves& one, const Waves& other, const Comparison& comparison, std::size_t from,
            std::size_t to) {
  Apart out;
  for (std::size_t i = from; i < to; ++i) {
    const double square = (one[i] - other[i]) * (one[i] - other[i]);
    out.hand += comparison.hand[i] * square;
    out.body += comparison.body[i] * square;
  }
  return out;
}

struct SpeedsAndPlaces {
  Apart speeds;
  Apart places;
};

SpeedsAndPlaces apart(const Waves& one, const Waves& other, const Comparison& comparison) {
  return {apart(one, other, comparison, 0, kSpeeds), apart(one, other, comparison, kSpeeds, kWaves)};
}

double likeness(const Apart& left, const Apart& right) {
  return 1 / (1 + left.hand + right.hand) + 1 / (1 + left.body + right.body);
}

double likeness(const SpeedsAndPlaces& left, const SpeedsAndPlaces& right) {
  return likeness(left.speeds, right.speeds) + likeness(left.places, right.places);
}

struct Compared {
  double left = 0;          // log-odds
  double simultaneous = 0;  // log-odds
};

Compared compare(const types::PerSide<Description>& fencers, const Comparison& comparison) {
  const Waves left = waves_of(fencers.left);
  const Waves right = waves_of(fencers.right);
  Compared out{0, comparison.constant};
  for (const Example& example : comparison.examples) {
    const auto& known = example.fencers;
    const double as_it_is =
        likeness(apart(left, known.left, comparison), apart(right, known.right, comparison));
    const double mirrored =
        likeness(apart(right, known.left, comparison), apart(left, known.right, comparison));
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
