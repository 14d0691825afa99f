#include "referee/model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "referee/test_phrases.h"

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
  EXPECT_EQ(one.spread, other.spread);
  ASSERT_TRUE(one.sight && other.sight);
  EXPECT_EQ(one.sight->fencer, types::opposite(other.sight->fencer));
  EXPECT_EQ(one.sight->body, other.sight->body);
  EXPECT_EQ(one.sight->from, other.sight->from);
  EXPECT_EQ(one.sight->change, -other.sight->change);
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
  EXPECT_EQ(seen.probability_simultaneous, 0);
}

std::string numbers(std::size_t count, int from = 0) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += ' ' + std::to_string(from + static_cast<int>(i));
  return out;
}

std::string network(std::size_t layers = kLayers) {
  std::string out = "network\n";
  for (std::size_t layer = 0; layer < layers; ++layer)
    out += "layer" + numbers(weights_of_layer(layer) + kWidth, static_cast<int>(layer)) + "\n";
  return out + "left" + numbers(kFound, 7) + "\n";
}

TEST(Weights, AreReadFromText) {
  const auto read = parse_weights(
      "# a comment\nplaces\npattern 0.5\nfeature hips_8 -3e-1\nsimultaneous -2\nboth hips_8 1 2\n" +
      network() + network());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->places.pattern, 0.5);
  EXPECT_EQ(read->places.towards[8], -0.3);
  EXPECT_EQ(read->displacements.towards[8], 0);
  ASSERT_TRUE(read->simultaneous);
  EXPECT_EQ(read->simultaneous->constant, -2);
  EXPECT_EQ(read->simultaneous->apart[8], 1);
  EXPECT_EQ(read->simultaneous->together[8], 2);
  ASSERT_EQ(read->networks.size(), 2U);
  const Network& own = read->networks[1];
  EXPECT_EQ(own.weights[0].size(), weights_of_layer(0));
  EXPECT_EQ(own.weights[1][0], 1);
  EXPECT_EQ(own.biases[1][kWidth - 1], static_cast<float>(weights_of_layer(1) + kWidth));
  EXPECT_EQ(own.left[1], 8);
}

TEST(Weights, AreRefusedWithTheLineThatIsWrong) {
  for (const std::string& line :
       {std::string("pattern"), std::string("feature tail 1"), std::string("feature hips_8 1 2"),
        std::string("simultaneous one"), std::string("both hips_8 1 2"), std::string("layer 1"),
        std::string("left 1"), std::string("network 1"), std::string("feature"), std::string("unit 1")}) {
    const auto read = parse_weights("places\n" + line);
    ASSERT_FALSE(read) << line;
    EXPECT_EQ(read.error().message, "line 2 of the weights is malformed");
  }
  EXPECT_FALSE(parse_weights("feature hips_8 1"));
}

TEST(Weights, OfANetworkThatBreaksOffAreRefused) {
  EXPECT_FALSE(parse_weights(network(kLayers - 1)));
  EXPECT_FALSE(parse_weights("network\nlayer" + numbers(weights_of_layer(0) + kWidth)));
  EXPECT_FALSE(parse_weights("network\nnetwork\n"));
  EXPECT_FALSE(parse_weights(network() + "left" + numbers(kFound)));
}

TEST(BuiltInWeights, AreThere) {
  EXPECT_GE(built_in_weights().networks.size(), 2U);
  EXPECT_TRUE(built_in_weights().simultaneous);
}

// Simultaneous actions: only displacements teach them.
TEST(Simultaneous, AreNeverSaidOfPlaces) {
  EXPECT_GT(opinion(fence(goes_on, stops, true)).probability_simultaneous, 0);
  EXPECT_EQ(opinion(fence(goes_on, stops, false)).probability_simultaneous, 0);
}

// --- the network's arithmetic ---

types::PerSide<Course> some_courses(std::mt19937& random) {
  types::PerSide<Course> out;
  for (const Side side : types::both_sides)
    for (CourseSample& sample : out[side])
      for (float& value : sample) value = static_cast<float>(random() % 2001) / 1000.0F - 1;
  return out;
}

Network some_network(std::mt19937& random) {
  Network out;
  const auto some = [&] { return static_cast<float>(random() % 2001) / 5000.0F - 0.2F; };
  for (std::size_t layer = 0; layer < kLayers; ++layer) {
    for (std::size_t i = 0; i < weights_of_layer(layer); ++i) out.weights[layer].push_back(some());
    for (float& bias : out.biases[layer]) bias = some();
  }
  for (float& weight : out.left) weight = some();
  return out;
}

// One way round, as the headers say it, one number after another.
double one_way(const Network& network, const Course& own, const Course& other) {
  std::vector<std::vector<double>> state(kCourseSteps);
  for (std::size_t k = 0; k < kCourseSteps; ++k) {
    state[k].assign(own[k].begin(), own[k].end());
    state[k].insert(state[k].end(), other[k].begin(), other[k].end());
  }
  for (std::size_t layer = 0; layer < kLayers; ++layer) {
    const int taps = layer == 0 ? 5 : 3, apart = layer == 0 ? 1 : 1 << (layer - 1);
    const std::size_t in = state[0].size();
    auto next = state;
    for (std::size_t k = 0; k < kCourseSteps; ++k) {
      next[k].assign(kWidth, 0);
      for (std::size_t o = 0; o < kWidth; ++o) {
        double sum = network.biases[layer][o];
        for (int tap = 0; tap < taps; ++tap) {
          const int at = static_cast<int>(k) + (tap - taps / 2) * apart;
          if (at < 0 || at >= static_cast<int>(kCourseSteps)) continue;
          for (std::size_t i = 0; i < in; ++i)
            sum += state[static_cast<std::size_t>(at)][i] *
                   double{network.weights[layer][(static_cast<std::size_t>(tap) * in + i) * kWidth + o]};
        }
        next[k][o] = std::max(sum, 0.0) + (layer == 0 ? 0 : state[k][o]);
      }
    }
    state = next;
  }
  double out = 0;
  for (std::size_t c = 0; c < kWidth; ++c) {
    double sum = 0, most = state[0][c];
    for (const auto& sample : state) sum += sample[c], most = std::max(most, sample[c]);
    out += network.left[c] * sum / kCourseSteps + network.left[kWidth + c] * most;
  }
  return out;
}

TEST(NetworkOfAnyWeights, SaysWhatItsLayersSay) {
  std::mt19937 random(1);
  for (int i = 0; i < 5; ++i) {
    const Network network = some_network(random);
    const auto courses = some_courses(random);
    const double expected =
        one_way(network, courses.left, courses.right) - one_way(network, courses.right, courses.left);
    EXPECT_NEAR(ask(network, courses), expected, 1e-3 * std::max(1.0, std::abs(expected)));
  }
}

TEST(NetworkOfAnyWeights, SaysTheOppositeOfTheMirrorImageBitForBit) {
  std::mt19937 random(2);
  for (int i = 0; i < 20; ++i) {
    const Network network = some_network(random);
    const auto courses = some_courses(random);
    EXPECT_EQ(ask(network, courses), -ask(network, {courses.right, courses.left}));
  }
}

// --- the course ---

constexpr double kHit = 1.8;
constexpr std::size_t kFrontWrist = 3, kFrontAnkle = 9;  // of the course's joints

Drawn walking(double speed) {
  Drawn out;
  out.speed = constantly(speed);
  return out;
}

TEST(CourseOfAFencer, HasSpeedsAndPlacesRelativeToTheTouch) {
  const Kinematics motion = measure(drawn(walking(1.5), {}), kHit);
  const Course course = course_of(motion.fencers.left, motion.touch);
  EXPECT_NEAR(course[kCourseTouch][kFrontAnkle], 1.5, 1e-3);
  EXPECT_EQ(course[kCourseTouch][kCourseJoints + kFrontAnkle], 0);
  EXPECT_NEAR(course[kCourseTouch - kCourseRate][kCourseJoints + kFrontAnkle], -1.5, 1e-3);
  EXPECT_EQ(course[0][kFrontAnkle], 0);  // before the recording: still
  EXPECT_NEAR(course[0][kCourseJoints + kFrontAnkle], -1.5 * kHit, 1e-2);
}

TEST(CourseOfAFencer, ThatStoodStillForAWhileIsWhereItWouldHaveBeen) {
  const Kinematics motion = measure(drawn(walking(1), {}), kHit);
  const Course course = course_of(motion.fencers.left, motion.touch);
  const Course still = stood_still(course, Body::legs, 31, kCourseTouch);
  EXPECT_EQ(still[33][kFrontAnkle], 0);
  EXPECT_EQ(still[33][kFrontWrist], course[33][kFrontWrist]);
  EXPECT_EQ(still[kCourseTouch][kCourseJoints + kFrontAnkle], 0);
  EXPECT_NEAR(still[30][kCourseJoints + kFrontAnkle], -1 / 15.0, 0.02);  // as far as it comes in one sample
  EXPECT_EQ(still[40], course[40]);
}

}  // namespace
}  // namespace piste::referee
