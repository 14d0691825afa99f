#include "referee/model.h"

#include <algorithm>
#include <cmath>

#include "referee/network.h"

namespace piste::referee {
namespace {

using types::Side;

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

// Several networks, whose answers are log-odds once they are multiplied by `weight`.
class Panel {
 public:
  Panel(const std::vector<Network>& networks, double weight) : networks_(networks), weight_(weight) {}

  std::vector<double> answers(const types::PerSide<Course>& courses) const {
    std::vector<double> out;
    for (const Network& network : networks_) out.push_back(weight_ * ask(network, courses));
    return out;
  }

  double mean(const types::PerSide<Course>& courses) const { return mean_of(answers(courses)); }

  static double mean_of(const std::vector<double>& answers) {
    double sum = 0;
    for (const double answer : answers) sum += answer;
    return answers.empty() ? 0 : sum / static_cast<double>(answers.size());
  }

  static double spread_of(const std::vector<double>& answers) {
    const double mean = mean_of(answers);
    double sum = 0;
    for (const double answer : answers) sum += (answer - mean) * (answer - mean);
    return answers.size() < 2 ? 0 : std::sqrt(sum / static_cast<double>(answers.size() - 1));
  }

 private:
  const std::vector<Network>& networks_;
  double weight_;
};

// Samples of the course between which something is left out: the last .4 s before the touch, the .4 s before
// them, all that was earlier, and what comes after the touch.
constexpr std::array<std::size_t, 5> kEdges{0, 25, 31, kCourseTouch, kCourseSteps};
constexpr double kMostOfIt = 0.7;  // of what the whole body does: then the arms or the legs are named

struct Left {
  Side fencer;
  Body body;
  std::size_t from, to;
};

types::PerSide<Course> without(const types::PerSide<Course>& courses, const Left& out) {
  types::PerSide<Course> rest = courses;
  rest[out.fencer] = stood_still(courses[out.fencer], out.body, out.from, out.to);
  return rest;
}

std::size_t on_the_clock(std::size_t sample, std::size_t touch, std::size_t size) {
  const std::size_t at = touch + 2 * sample;
  return std::clamp(at, 2 * kCourseTouch, 2 * kCourseTouch + size - 1) - 2 * kCourseTouch;
}

// What is searched is asked of the networks all together. The winner's side comes first, so that the mirror
// image finds the same.
std::optional<Sight> look_for(const Panel& panel, const types::PerSide<Course>& courses, double said,
                              const Kinematics& motion) {
  if (said == 0) return std::nullopt;
  const Side winner = said > 0 ? Side::left : Side::right;
  const double towards = said > 0 ? 1 : -1;
  const auto lost = [&](const Left& out) { return towards * (said - panel.mean(without(courses, out))); };
  std::optional<Left> most;
  double best = 0;
  for (const Side side : {winner, types::opposite(winner)})
    for (std::size_t i = 0; i + 1 < kEdges.size(); ++i) {
      const Left out{side, Body::whole, kEdges[i], kEdges[i + 1]};
      if (const double change = lost(out); change > best) best = change, most = out;
    }
  if (!most) return std::nullopt;
  const double whole = best;
  double part = kMostOfIt * whole;
  for (const Body body : {Body::arms, Body::legs}) {
    const Left out{most->fencer, body, most->from, most->to};
    if (const double change = lost(out); change >= part) part = best = change, most = out;
  }
  return Sight{most->fencer, most->body, on_the_clock(most->from, motion.touch, motion.size()),
               on_the_clock(most->to, motion.touch, motion.size()), -towards * best};
}

double simultaneous(const types::PerSide<Description>& fencers, const Simultaneous& weights) {
  double sum = weights.constant;
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const double left = fencers.left.values[i];
    const double right = fencers.right.values[i];
    sum += weights.apart[i] * std::abs(left - right) + weights.together[i] * (left + right);
  }
  return probability(sum);
}

}  // namespace

Opinion opine(const Kinematics& motion, const std::vector<double>& contacts, const Weights& weights) {
  if (motion.empty()) return {};
  const InputWeights& own = motion.displacements ? weights.displacements : weights.places;
  const auto fencers = describe(motion, contacts);
  const types::PerSide<Course> courses{course_of(motion.fencers.left, motion.touch),
                                       course_of(motion.fencers.right, motion.touch)};
  const Panel panel(weights.networks, own.pattern);
  const std::vector<double> answers = panel.answers(courses);
  Opinion out;
  out.evidence = collect(fencers, own.towards, motion.touch);
  Evidence& pattern = out.evidence[static_cast<std::size_t>(Topic::pattern)];
  pattern.topic = Topic::pattern;
  pattern.weight = Panel::mean_of(answers);
  pattern.at = {motion.touch, motion.touch};
  out.spread = Panel::spread_of(answers);
  out.sight = look_for(panel, courses, pattern.weight, motion);
  for (const Evidence& evidence : out.evidence) out.log_odds_left += evidence.weight;
  out.probability_left = probability(out.log_odds_left);
  if (motion.displacements && weights.simultaneous)
    out.probability_simultaneous = simultaneous(fencers, *weights.simultaneous);
  return out;
}

}  // namespace piste::referee
