#include "referee/fencing.h"

#include <gtest/gtest.h>

#include <cmath>

#include "referee/decide.h"
#include "referee/test_phrases.h"

namespace piste::referee {
namespace {

using types::Side;

constexpr double kHit = 1.8;

Drawn moving(double speed, double stance = 0.6) {
  Drawn fencer;
  fencer.speed = constantly(speed);
  fencer.stance = constantly(stance);
  return fencer;
}

// He turns round where he stands.
void turn_round(types::Track& track) {
  for (auto& point : track.points) {
    const float middle =
        (point.keypoints[types::joint::left_hip].x + point.keypoints[types::joint::right_hip].x) / 2;
    for (auto& joint : point.keypoints) joint.x = 2 * middle - joint.x;
  }
}

class NoFencing : public testing::TestWithParam<double> {
 protected:
  static types::Tracks film(const Drawn& left, const Drawn& right, double distance) {
    return drawn(left, right, {.fps = GetParam(), .distance = distance});
  }
  static void expect_no_call(const types::Tracks& tracks, const std::string& why) {
    const auto verdict = decide(tracks, both_lights(kHit), {.review_below = 0});
    EXPECT_EQ(verdict.winner, types::Winner::none);
    EXPECT_EQ(verdict.confidence, 0.5);
    EXPECT_EQ(verdict.reason, "Both lights, but what is seen is no fencing: " + why);
    EXPECT_EQ(verdict.reason_code.code, "no_fencing");
    EXPECT_TRUE(verdict.review);
    EXPECT_NE(verdict.review_reason.text.find(why), std::string::npos) << verdict.review_reason;
    EXPECT_TRUE(verdict.trace.empty());
  }
};

TEST_P(NoFencing, IsNothingSaidOfFencers) {
  for (const double stance : {0.5, 0.9})
    EXPECT_EQ(no_fencing(measure(film(moving(1.5, stance), moving(1, stance), 5), kHit)), "");
}

TEST_P(NoFencing, WhereNobodyIsWithinReach) {
  expect_no_call(film(moving(0.3), moving(-0.3), 4), "the fencers are 4.6 m apart at the hit");
}

TEST_P(NoFencing, WhereOneTurnsHisBack) {
  types::Tracks tracks = film(moving(1), moving(1), 4.5);
  turn_round(tracks.left);
  expect_no_call(tracks, "the left one turns away from the other in the last second before the hit (1.80 s)");
}

TEST_P(NoFencing, WhereTheyStandBackToBack) {
  types::Tracks tracks = film(moving(1), moving(1), 4.5);
  turn_round(tracks.left);
  turn_round(tracks.right);
  expect_no_call(tracks, "the two turn away from each other in the last second before the hit (1.80 s)");
}

TEST_P(NoFencing, WhereNobodyMoves) {
  expect_no_call(film(moving(0), moving(0.05), 1), "nobody moves in the last second before the hit (1.80 s)");
}

TEST_P(NoFencing, WhereBothStandUpright) {
  expect_no_call(film(moving(1, 0.25), moving(1, 0.2), 4.5),
                 "nobody stands on guard or lunges in the last second before the hit (1.80 s)");
}

// However far they step, their knees do not bend.
TEST_P(NoFencing, WhereBothWalk) {
  Drawn walker;
  walker.speed = constantly(1.2);
  walker.stance = [](double time) { return 0.7 * std::abs(std::cos(5 * time)); };
  walker.hips = 0.88;
  expect_no_call(film(walker, walker, 4.5),
                 "nobody stands on guard or lunges in the last second before the hit (1.80 s)");
  EXPECT_EQ(no_fencing(measure(film(walker, moving(1), 4.5), kHit)), "") << "one is on guard";
}

// As the networks see it: his hips look lower than they are.
TEST_P(NoFencing, WhereBothPutOneFootPastTheOther) {
  Drawn walker;
  walker.speed = constantly(1.2);
  walker.stance = [](double time) { return 0.5 * std::abs(std::cos(5 * time)); };
  walker.hips = 0.72;
  expect_no_call(film(walker, walker, 4.5),
                 "nobody stands on guard or lunges in the last second before the hit (1.80 s)");
  walker.hips = 0.6;
  EXPECT_EQ(no_fencing(measure(film(walker, walker, 4.5), kHit)), "") << "with bent knees";
}

INSTANTIATE_TEST_SUITE_P(Cameras, NoFencing, testing::Values(15, 25, 30, 60, 120));

TEST(NoFencingAtAll, IsNotToldFromDisplacements) {
  types::Tracks tracks = drawn(moving(0), moving(0), {.unit = 1});
  tracks.displacements = true;
  EXPECT_EQ(no_fencing(measure(tracks, kHit)), "");
}

TEST(NoFencingAtAll, IsNotJudgedFromWhatWasNotSeen) {
  types::Tracks tracks = drawn(moving(0), moving(0), {});
  for (const Side side : types::both_sides)
    for (auto& point : tracks[side].points)
      if (point.time > 0.4) point.keypoints = {};
  EXPECT_EQ(no_fencing(measure(tracks, kHit)), "");
}

types::Phrase left_light() {
  types::Phrase phrase = both_lights(kHit);
  phrase.touches.pop_back();
  return phrase;
}

TEST(NoFencingAtAll, NeedsNoVideoWhereABoxTellsOfALight) {
  const auto verdict = decide(drawn(moving(0), moving(0), {}), left_light());
  EXPECT_EQ(verdict.winner, types::Winner::left);
  EXPECT_FALSE(verdict.review);
}

TEST(NoFencingAtAll, MakesALightInThePictureNoLamp) {
  const Options options{.lamps_in_picture = true};
  const auto verdict = decide(drawn(moving(0), moving(0), {.distance = 1}), left_light(), options);
  EXPECT_EQ(verdict.winner, types::Winner::none);
  EXPECT_TRUE(verdict.review);
  EXPECT_EQ(verdict.reason.text.find("A light, but what is seen is no fencing: nobody moves"), 0U)
      << verdict.reason;
  const auto fencing = decide(drawn(moving(1.5), moving(1), {.distance = 5}), left_light(), options);
  EXPECT_EQ(fencing.winner, types::Winner::left);
  EXPECT_FALSE(fencing.review) << fencing.review_reason;
}

TEST(NoFencingAtAll, ALampThatNobodyMarkedNeedsAPerson) {
  const auto verdict = decide(drawn(moving(1.5), moving(1), {.distance = 5}), left_light(),
                              {.lamps_in_picture = true, .lamps_found = true});
  EXPECT_EQ(verdict.winner, types::Winner::left);
  EXPECT_LE(verdict.confidence, .75);
  EXPECT_TRUE(verdict.review);
  EXPECT_NE(verdict.review_reason.text.find("may be another light"), std::string::npos);
}

TEST(NoFencingAtAll, ALightWithoutFencersNeedsAPerson) {
  const auto verdict = decide({}, left_light(), {.lamps_in_picture = true});
  EXPECT_EQ(verdict.winner, types::Winner::left);
  EXPECT_TRUE(verdict.review);
  EXPECT_NE(verdict.review_reason.text.find("the fencers are not seen"), std::string::npos);
}

}  // namespace
}  // namespace piste::referee
