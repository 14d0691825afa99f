#include "referee/model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace piste::referee {
namespace {

using types::Side;

constexpr double kTouch = 2.0;

// Hip speed of one fencer over time, forward, in units/s.
using Walk = double (*)(double time);

double goes_on(double time) {
  return 1.2 + 0.4 * std::sin(5 * time);
}
double stops(double time) {
  return time < 1.2 ? 1.5 : time < 1.6 ? -0.2 : 1.3;
}

types::Keypoints body(double hips, double time, Side side, double unit) {
  types::Keypoints points;
  const double towards = side == Side::left ? 1 : -1;
  for (std::size_t joint = 0; joint < types::joint::count; ++joint) {
    const double ahead = joint % 2 == 0 ? 0.3 + 0.05 * std::sin(7 * time) : -0.3;
    const double up = 1.6 - 0.1 * static_cast<double>(joint);
    points[joint] = {static_cast<float>(towards * (hips + ahead) * unit), static_cast<float>(-up * unit), 1};
  }
  return points;
}

types::Tracks fence(Walk left, Walk right, bool displacements = false) {
  types::Tracks tracks;
  tracks.displacements = displacements;
  types::PerSide<double> place{-2, -2};
  for (int i = 0; i <= 66; ++i) {
    const double time = i / 30.0;
    for (const Side side : types::both_sides) {
      tracks[side].points.push_back(
          {i, time, true, true, body(place[side], time, side, displacements ? 1 : 126)});
      place[side] += (side == Side::left ? left : right)(time) / 30;
    }
  }
  return tracks;
}

Opinion opinion(const types::Tracks& tracks, const std::vector<double>& contacts = {}) {
  return opine(measure(tracks, kTouch), contacts);
}

class Model : public testing::TestWithParam<bool> {};

TEST_P(Model, MirroredFencersGiveTheMirroredOpinionBitForBit) {
  const std::vector<double> contacts{1.3, 1.55};
  const Opinion one = opinion(fence(goes_on, stops, GetParam()), contacts);
  const Opinion other = opinion(fence(stops, goes_on, GetParam()), contacts);
  EXPECT_NE(one.log_odds_left, 0);
  EXPECT_EQ(one.log_odds_left, -other.log_odds_left);
  EXPECT_EQ(one.probability_left, 1 - other.probability_left);
  EXPECT_EQ(one.probability_simultaneous, other.probability_simultaneous);
  for (std::size_t i = 0; i < kTopics; ++i) {
    EXPECT_EQ(one.evidence[i].weight, -other.evidence[i].weight);
    EXPECT_EQ(one.evidence[i].value.left, other.evidence[i].value.right);
    EXPECT_EQ(one.evidence[i].at.left, other.evidence[i].at.right);
  }
}

TEST_P(Model, WhoGoesOnIsLikelierThanWhoStopped) {
  EXPECT_GT(opinion(fence(goes_on, stops, GetParam())).probability_left, 0.6);
}

TEST_P(Model, TheEvidenceAddsUpToTheOpinion) {
  const Opinion seen = opinion(fence(goes_on, stops, GetParam()));
  double sum = 0;
  for (const Evidence& evidence : seen.evidence) sum += evidence.weight;
  EXPECT_EQ(sum, seen.log_odds_left);
  EXPECT_EQ(seen.evidence[0].topic, Topic::stop);
  EXPECT_NEAR(seen.evidence[0].value.right, 0.4, 0.2);
}

TEST_P(Model, TwoAlikeAreFiftyFifty) {
  EXPECT_EQ(opinion(fence(goes_on, goes_on, GetParam())).probability_left, 0.5);
}

INSTANTIATE_TEST_SUITE_P(PlacesAndDisplacements, Model, testing::Bool(),
                         [](const auto& kind) { return kind.param ? "displacements" : "places"; });

TEST(ModelOfNothing, GivesNoOpinion) {
  const Opinion seen = opine({}, {});
  EXPECT_EQ(seen.probability_left, 0.5);
  EXPECT_FALSE(seen.simultaneous);
}

// What the trainer computed for invented phrases, with its own arithmetic.
struct Case {
  std::array<double, kFeatures> left, right;
  double places, displacements, simultaneous;
};

const std::array<Case, 6> kCases{{
#include "referee/model_cases.inc"
}};

TEST(TrainedModel, SaysWhatTheTrainerSaid) {
  const Weights& weights = built_in_weights();
  ASSERT_FALSE(weights.comparison.examples.empty());
  for (const Case& known : kCases) {
    const types::PerSide<Description> fencers{{known.left, 0, 0, 0}, {known.right, 0, 0, 0}};
    const Opinion places = opine(fencers, 0, weights.places, weights.comparison);
    const Opinion displacements = opine(fencers, 0, weights.displacements, weights.comparison);
    EXPECT_NEAR(places.probability_left, 1 / (1 + std::exp(-known.places)), 2e-3);
    EXPECT_NEAR(displacements.probability_left, 1 / (1 + std::exp(-known.displacements)), 2e-3);
    EXPECT_NEAR(displacements.probability_simultaneous, known.simultaneous, 2e-3);
  }
}

std::string numbers(std::size_t count, int from = 0) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += ' ' + std::to_string(from + static_cast<int>(i));
  return out;
}

TEST(Weights, AreReadFromText) {
  const auto read =
      parse_weights("# a comment\nplaces\npattern 0.5\nfeature hips_8 -3e-1\nsimultaneous -2 0.3\n" +
                    ("hand" + numbers(kWaves) + "\nbody" + numbers(kWaves, 1) + "\nexample 1.5 -2") +
                    numbers(2 * kWaves, 100));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->places.pattern, 0.5);
  EXPECT_EQ(read->places.towards[8], -0.3);
  EXPECT_EQ(read->displacements.towards[8], 0);
  EXPECT_EQ(read->comparison.constant, -2);
  EXPECT_EQ(read->comparison.threshold, 0.3);
  EXPECT_EQ(read->comparison.hand[kWaves - 1], kWaves - 1);
  EXPECT_EQ(read->comparison.body[kWaves - 1], kWaves);
  ASSERT_EQ(read->comparison.examples.size(), 1U);
  const Example& example = read->comparison.examples[0];
  EXPECT_EQ(example.left, 1.5);
  EXPECT_EQ(example.simultaneous, -2);
  EXPECT_EQ(example.fencers.left[1], 1.01);
  EXPECT_EQ(example.fencers.right[1], (101 + static_cast<int>(kWaves)) / 100.0);
}

TEST(Weights, AreRefusedWithTheLineThatIsWrong) {
  const std::string nearness = "hand" + numbers(kWaves - 1);
  const std::string example = "example 1 2" + numbers(2 * kWaves + 1);
  for (const std::string& line :
       {std::string("pattern"), std::string("feature tail 1"), std::string("feature hips_8 1 2"),
        std::string("simultaneous one 2"), nearness, example, std::string("unit 1")}) {
    const auto read = parse_weights("places\n" + line);
    ASSERT_FALSE(read) << line;
    EXPECT_EQ(read.error().message, "line 2 of the weights is malformed");
  }
  EXPECT_FALSE(parse_weights("feature hips_8 1"));
}

TEST(Waves, BeginWithTheMeanSpeedOfEachJoint) {
  constexpr std::size_t kTouchStep = 80;
  const auto going = [](double speed) { return Series(120, Motion{0, 0, speed, 0, true}); };
  FencerMotion fencer;
  fencer.hips = going(9);
  for (const Part part : {Part::rear_elbow, Part::front_elbow, Part::rear_wrist, Part::front_wrist,
                          Part::rear_knee, Part::front_knee, Part::rear_ankle, Part::front_ankle})
    fencer.joints[static_cast<std::size_t>(part)] = going(static_cast<double>(part));
  const Waves seen = waves(fencer, kTouchStep);
  const std::map<std::string, double> expected{{"hips", 9},        {"rear_elbow", 7},  {"front_elbow", 8},
                                               {"rear_hand", 9},   {"front_hand", 10}, {"rear_knee", 13},
                                               {"front_knee", 14}, {"rear_ankle", 15}, {"front_ankle", 16}};
  for (const auto& [joint, speed] : expected) {
    const auto name = std::find(wave_names().begin(), wave_names().end(), joint + "_speed_0");
    ASSERT_NE(name, wave_names().end()) << joint;
    const auto index = static_cast<std::size_t>(name - wave_names().begin());
    EXPECT_NEAR(seen[index], speed, 1e-9) << joint;
    EXPECT_NEAR(seen[index + 1], 0, 1e-9) << joint;
    EXPECT_TRUE(is_speed(index));
  }
  EXPECT_EQ(wave_names().back(), "front_ankle_place_4");
  EXPECT_FALSE(is_speed(kSpeeds));
}

// One example with a phrase that is just like it, and one that is far from it.
class ComparisonOfOne : public testing::Test {
 protected:
  ComparisonOfOne() {
    comparison_.hand.fill(1);
    comparison_.body.fill(1);
    comparison_.constant = -1;
    comparison_.threshold = 0.6;
    Example example{0.5, 0.75, {}};
    example.fencers.left.fill(10);
    comparison_.examples.push_back(example);
  }

  Opinion of(double left, double right) const {
    types::PerSide<Description> fencers;
    std::fill(fencers.left.values.begin() + kNamed, fencers.left.values.end(), left);
    std::fill(fencers.right.values.begin() + kNamed, fencers.right.values.end(), right);
    return opine(fencers, 0, {{}, 1}, comparison_);
  }

  Comparison comparison_;
};

TEST_F(ComparisonOfOne, SaysOfAPhraseLikeTheExampleWhatTheExampleSays) {
  const Opinion alike = of(10, 0);
  EXPECT_NEAR(alike.log_odds_left, 2, 0.01);
  EXPECT_NEAR(alike.probability_simultaneous, 1 / (1 + std::exp(-2.0)), 0.01);
  EXPECT_TRUE(alike.simultaneous);
}

TEST_F(ComparisonOfOne, SaysTheOppositeOfTheMirrorImage) {
  EXPECT_EQ(of(0, 10).log_odds_left, -of(10, 0).log_odds_left);
  EXPECT_EQ(of(0, 10).probability_simultaneous, of(10, 0).probability_simultaneous);
}

TEST_F(ComparisonOfOne, SaysLittleOfAPhraseUnlikeIt) {
  const Opinion unlike = of(-50, 80);
  EXPECT_NEAR(unlike.log_odds_left, 0, 0.01);
  EXPECT_NEAR(unlike.probability_simultaneous, 1 / (1 + std::exp(1.0)), 0.01);
  EXPECT_FALSE(unlike.simultaneous);
}

}  // namespace
}  // namespace piste::referee
