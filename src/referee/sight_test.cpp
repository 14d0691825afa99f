// What the networks saw, on phrases where the answer is known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "referee/decide.h"
#include "referee/findings.h"
#include "referee/model.h"
#include "referee/test_phrases.h"

namespace piste::referee {
namespace {

using testing::ElementsAre;
using types::Side;

constexpr double kHit = 1.8;
constexpr std::size_t kFrontWrist = 3, kFrontAnkle = 9;  // of the course's joints

// The mean of how fast a fencer's joint goes forward (towards: 1) or back (-1), for it (says: 1) or against
// it.
Network watching(std::size_t joint, Side own_or_other, float towards, float says) {
  Network out;
  for (std::size_t layer = 0; layer < kLayers; ++layer) out.weights[layer].resize(weights_of_layer(layer));
  const std::size_t channel = joint + (own_or_other == Side::left ? 0 : kCourseChannels);
  out.weights[0][(kFirstTaps / 2 * 2 * kCourseChannels + channel) * kWidth] = towards;
  out.left[0] = says;
  return out;
}

Weights only(const Network& network) {
  Weights weights;
  weights.places.pattern = 3;
  weights.networks = {network};
  return weights;
}

Opinion seen_by(const Network& network, const Drawn& left, const Drawn& right) {
  return opine(measure(drawn(left, right), kHit), {}, only(network));
}

// From the clock's index to seconds before the hit.
double before_hit(const Opinion& seen, const Kinematics& motion, bool end) {
  return kHit - motion.times[end ? seen.sight->to : seen.sight->from];
}

Drawn lunging() {
  Drawn out;
  out.stance = [](double time) { return 0.6 + 2 * std::clamp(time - 1.42, 0.0, 0.35); };
  return out;
}

Drawn reaching() {
  Drawn out;
  out.reach = [](double time) { return 0.2 + std::clamp(time - 1.05, 0.0, 0.3); };
  return out;
}

TEST(Sight, IsTheLegsThatLungeBeforeTheHit) {
  const Opinion seen = seen_by(watching(kFrontAnkle, Side::left, 1, 1), lunging(), {});
  const Kinematics motion = measure(drawn(lunging(), {}), kHit);
  ASSERT_TRUE(seen.sight);
  EXPECT_GT(seen.log_odds_left, 0);
  EXPECT_EQ(seen.sight->fencer, Side::left);
  EXPECT_EQ(seen.sight->body, Body::legs);
  EXPECT_NEAR(before_hit(seen, motion, false), 0.4, 1e-6);
  EXPECT_NEAR(before_hit(seen, motion, true), 0, 1e-6);
  EXPECT_NEAR(seen.sight->change, -seen.log_odds_left, 0.1 * seen.log_odds_left);
}

TEST(Sight, IsTheHandThatWasEarlier_OnTheRight) {
  const Opinion seen = seen_by(watching(kFrontWrist, Side::left, 1, 1), {}, reaching());
  const Kinematics motion = measure(drawn({}, reaching()), kHit);
  ASSERT_TRUE(seen.sight);
  EXPECT_LT(seen.log_odds_left, 0);
  EXPECT_EQ(seen.sight->fencer, Side::right);
  EXPECT_EQ(seen.sight->body, Body::arms);
  EXPECT_NEAR(before_hit(seen, motion, false), 0.8, 1e-6);
  EXPECT_NEAR(before_hit(seen, motion, true), 0.4, 1e-6);
  EXPECT_GT(seen.sight->change, 0);
}

TEST(Sight, IsTheLoserWhereThatSpeaks) {
  Drawn right;
  right.speed = between_times(0.2, 0.9, -1.5, 0);
  const Opinion seen = seen_by(watching(kFrontAnkle, Side::right, -1, 1), {}, right);
  ASSERT_TRUE(seen.sight);
  EXPECT_GT(seen.log_odds_left, 0);
  EXPECT_EQ(seen.sight->fencer, Side::right);
  EXPECT_EQ(seen.sight->from, 0U);
  EXPECT_LT(seen.sight->change, 0);
}

TEST(Sight, IsNothingWhereTheNetworksSayNothing) {
  EXPECT_FALSE(seen_by(watching(kFrontAnkle, Side::left, 1, 0), lunging(), {}).sight);
}

TEST(Spread, IsHowFarTheNetworksAreApart) {
  Weights weights = only(watching(kFrontAnkle, Side::left, 1, 1));
  weights.networks.push_back(watching(kFrontAnkle, Side::left, 1, -1));
  const Opinion seen = opine(measure(drawn(lunging(), {}), kHit), {}, weights);
  EXPECT_EQ(seen.log_odds_left, 0);
  EXPECT_GT(seen.spread, 0.1);
}

// --- what the trace tells of it ---

// Within reach and both moving, so that it is fencing; the left one lunges into the hit.
struct Phrase {
  Drawn left, right;
};

types::Tracks filmed(const Phrase& phrase) {
  return drawn(phrase.left, phrase.right, {.distance = 2.4});
}

Phrase lunge() {
  Phrase out{lunging(), {}};
  out.left.speed = out.right.speed = between_times(0.8, 1.3, 0.4, 0);
  return out;
}

types::Verdict decided(const Phrase& phrase, const Network& network, Options options = {}) {
  const Weights weights = only(network);
  options.weights = &weights;
  return decide(filmed(phrase), both_lights(kHit), options);
}

const types::Finding& course_of(const types::Verdict& verdict) {
  static const types::Finding none;
  const auto found = std::find_if(verdict.trace.begin(), verdict.trace.end(),
                                  [](const auto& finding) { return finding.kind == "course"; });
  return found == verdict.trace.end() ? none : *found;
}

TEST(Attribution, NamesFencerJointsTimeAndLogOdds) {
  const auto verdict = decided(lunge(), watching(kFrontAnkle, Side::left, 1, 1));
  const types::Finding& course = course_of(verdict);
  ASSERT_TRUE(course.saw);
  EXPECT_EQ(course.saw->fencer, Side::left);
  EXPECT_THAT(course.saw->joints,
              ElementsAre("rear_hip", "front_hip", "rear_knee", "front_knee", "rear_ankle", "front_ankle"));
  EXPECT_NEAR(course.saw->from, kHit - 0.4, 1e-6);
  EXPECT_NEAR(course.saw->to, kHit, 1e-6);
  EXPECT_LT(course.saw->log_odds, 0);
  EXPECT_EQ(course.saw->log_odds, course.value);
  EXPECT_EQ(verdict.winner, types::Winner::left);
}

// The claim is put to the test: without the lunge the sum changes by so much.
TEST(Attribution, IsWhatTheDecisionLosesWithoutWhatItNames) {
  const Phrase with = lunge();
  Phrase without = with;
  without.left.stance = Drawn().stance;
  const Network network = watching(kFrontAnkle, Side::left, 1, 1);
  const auto verdict = decided(with, network);
  const double change = course_of(decided(without, network)).weight - course_of(verdict).weight;
  ASSERT_TRUE(course_of(verdict).saw);
  EXPECT_NEAR(course_of(verdict).saw->log_odds, change, 0.1 * std::abs(change));
}

TEST(Attribution, IsAsMuchLessAsTheWeightsAre) {
  const Network network = watching(kFrontAnkle, Side::left, 1, 1);
  const types::Finding whole = course_of(decided(lunge(), network));
  const types::Finding half = course_of(decided(lunge(), network, {.camera_trust = 0.5}));
  ASSERT_TRUE(whole.saw && half.saw);
  EXPECT_EQ(half.weight, whole.weight / 2);
  EXPECT_EQ(half.saw->log_odds, whole.saw->log_odds / 2);
  EXPECT_EQ(half.value, whole.value / 2);
}

TEST(Attribution, IsTheCoursesAlone) {
  const auto verdict = decide(filmed(lunge()), both_lights(kHit));
  ASSERT_TRUE(course_of(verdict).saw);
  for (const types::Finding& finding : verdict.trace)
    EXPECT_EQ(finding.saw.has_value(), finding.kind == "course");
}

}  // namespace
}  // namespace piste::referee
