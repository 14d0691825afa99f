#include "referee/quality.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "referee/decide.h"
#include "referee/test_phrases.h"

namespace piste::referee {
namespace {

using types::Side;

constexpr double kHit = 1.8;

// Left comes forward, right stops: a sure call as long as it is well seen.
types::Tracks phrase(double fps = 30) {
  Drawn left, right;
  left.speed = constantly(1.5);
  right.speed = between_times(1.0, 1.3, 0, 1.5);
  return drawn(left, right, {.fps = fps, .distance = 5});
}

types::Verdict judged(const types::Tracks& tracks, double least_height = 0) {
  return decide(tracks, both_lights(kHit), {.least_height = least_height});
}

template <class Change>
types::Tracks with_right(Change change, double from = 1.0, double to = 1.6) {
  types::Tracks tracks = phrase();
  for (auto& point : tracks.right.points)
    if (point.time >= from && point.time < to) change(point);
  return tracks;
}

void move(types::TrackPoint& point, float pixels) {
  for (auto& joint : point.keypoints) joint.x += pixels;
}

void set_scores(types::TrackPoint& point, float score) {
  for (auto& joint : point.keypoints) joint.score = score;
}

TEST(Quality, OfWhatIsWellSeenChangesNothing) {
  for (const double fps : {15.0, 30.0, 60.0, 120.0}) {
    const auto verdict = judged(phrase(fps), 90);
    EXPECT_TRUE(verdict.quality.known);
    EXPECT_EQ(verdict.quality.believed, 1) << fps;
    EXPECT_EQ(verdict.review_reason, "");
    for (const Side side : types::both_sides) {
      const auto& fencer = verdict.quality.fencers[side];
      EXPECT_EQ(fencer.phrase.part, 1);
      EXPECT_NEAR(fencer.phrase.score, 1, 1e-6);
      EXPECT_LT(fencer.phrase.torso_variation, .02);
      EXPECT_LT(fencer.phrase.fastest_step, 2.5);
      EXPECT_NEAR(fencer.height, 1.36 * 120, 2);
      EXPECT_TRUE(fencer.lapses.empty());
    }
  }
}

// A film at 30 whose camera gave 15.
TEST(Quality, OfPicturesThatAreShownAgainNothingIsHeldAgainstTheFencers) {
  types::Tracks tracks = phrase();
  for (const Side side : types::both_sides)
    for (auto& point : tracks[side].points)
      if (point.number % 2 == 1) point.keypoints = {};
  const auto verdict = judged(tracks, 90);
  EXPECT_EQ(verdict.quality.believed, 1);
  for (const Side side : types::both_sides) {
    EXPECT_NEAR(verdict.quality.fencers[side].last_second.score, 1, 1e-6);
    EXPECT_TRUE(verdict.quality.fencers[side].lapses.empty());
  }
}

TEST(Quality, KeypointsThatAreGuessesDrawTheConfidenceTowardsEven) {
  const double sure = judged(phrase()).confidence;
  double before = sure;
  for (const float score : {.45f, .4f, .35f}) {
    const auto verdict = judged(with_right([=](auto& point) { set_scores(point, score); }, 0, 2));
    EXPECT_EQ(verdict.winner, types::Winner::left);
    const double believed = (score - .2) / .3;
    EXPECT_NEAR(verdict.quality.believed, believed, 1e-5);
    EXPECT_NEAR(verdict.confidence, .5 + believed * (sure - .5), 1e-5);
    EXPECT_LT(verdict.confidence, before);
    before = verdict.confidence;
    EXPECT_TRUE(verdict.review);
    EXPECT_NE(
        verdict.review_reason.text.find("the right fencer is hardly recognised in the last second before the "
                                        "hit (from 0.80 s to 1.80 s)"),
        std::string::npos)
        << verdict.review_reason;
  }
}

TEST(Quality, WithoutAnythingToBelieveThereIsNoCall) {
  const auto verdict = judged(with_right([](auto& point) { set_scores(point, .15f); }, 0, 2));
  EXPECT_EQ(verdict.winner, types::Winner::none);
  EXPECT_EQ(verdict.confidence, .5);
  EXPECT_TRUE(verdict.review);
  EXPECT_NE(verdict.review_reason.text.find("right fencer"), std::string::npos) << verdict.review_reason;
}

TEST(Quality, WhoMayBeSomebodyElseIsNeverCalledForSure) {
  const double sure = judged(phrase()).confidence;
  const auto doubted = [](float doubt) {
    return judged(with_right([=](auto& point) { point.doubt = doubt; }, 0, 2));
  };
  EXPECT_EQ(doubted(.2f).confidence, sure) << "others are like fencers, too, but less so";
  const auto verdict = doubted(1);
  EXPECT_NEAR(verdict.quality.fencers.right.last_second.doubt, 1, 1e-6);
  EXPECT_NEAR(verdict.confidence, .5 + .5 * (sure - .5), 1e-5);
  EXPECT_TRUE(verdict.review);
  EXPECT_NE(verdict.review_reason.text.find("the right fencer may be somebody else"), std::string::npos)
      << verdict.review_reason;
  const auto& lapses = verdict.quality.fencers.right.lapses;
  ASSERT_EQ(lapses.size(), 1U);
  EXPECT_EQ(lapses[0].kind, types::Lapse::Kind::rivals);
  EXPECT_EQ(lapses[0].text.text.find("The right fencer may be somebody else from 0.00 s"), 0U)
      << lapses[0].text;
  EXPECT_EQ(verdict.quality.fencers.left.believed, 1);
}

TEST(Quality, ALeapIsSomebodyElse) {
  const auto tracks = with_right([](auto& point) { move(point, -60); }, 1.2, 1.5);
  const auto verdict = judged(tracks);
  const auto& right = verdict.quality.fencers.right;
  EXPECT_GT(right.last_second.fastest_step, 10);
  ASSERT_EQ(right.lapses.size(), 2U);
  EXPECT_EQ(right.lapses[0].kind, types::Lapse::Kind::leap);
  EXPECT_NEAR(right.lapses[0].start, 1.2, .04);
  EXPECT_NEAR(right.lapses[1].end, 1.5, .04);
  EXPECT_EQ(right.lapses[0].last_frame, 36);
  EXPECT_NE(right.lapses[0].text.text.find("it may be another person"), std::string::npos);
  EXPECT_LT(verdict.quality.believed, 1);
  EXPECT_GE(verdict.quality.believed, .5);
  EXPECT_EQ(verdict.review_reason.text.find("the right fencer leaps from 1.17 s to 1.20 s"), 0U)
      << verdict.review_reason;
}

// He stands, is not seen for so long, and is found two metres on: slower than 7 m/s on average, and nobody
// all the same.
TEST(Quality, SomebodyFoundFarFromWhereHeStoodIsSomebodyElse) {
  for (const double hole : {0.3, 0.4}) {
    types::Tracks tracks = phrase();
    for (auto& point : tracks.right.points) {
      if (point.time < 0.9) continue;
      if (point.time < 0.9 + hole) {
        point.seen = false;
        continue;
      }
      move(point, -1.97F * 150);  // pixels in a unit: he stands 5 away
    }
    const auto verdict = judged(tracks);
    EXPECT_LT(verdict.quality.believed, .95) << hole;
    EXPECT_TRUE(verdict.review);
    EXPECT_NE(verdict.review_reason.text.find("the right fencer leaps from 0.87 s to"), std::string::npos)
        << verdict.review_reason;
  }
}

TEST(Quality, BodiesThatChangeTheirLengthAreMixed) {
  int i = 0;
  const auto verdict = judged(with_right([&](auto& point) {
    const float stretch = i++ % 2 ? 1.3f : .7f;
    for (const std::size_t joint : {types::joint::left_shoulder, types::joint::right_shoulder})
      point.keypoints[joint].y =
          point.keypoints[types::joint::left_hip].y +
          stretch * (point.keypoints[joint].y - point.keypoints[types::joint::left_hip].y);
  }));
  EXPECT_GT(verdict.quality.fencers.right.last_second.torso_variation, .15);
  EXPECT_NE(verdict.review_reason.text.find("the right fencer's body changes its length by"),
            std::string::npos)
      << verdict.review_reason;
  EXPECT_EQ(verdict.quality.fencers.left.believed, 1);
}

TEST(Quality, WhoIsTooSmallIsToldSo) {
  const auto verdict = judged(phrase(), 204);  // drawn 163 pixels tall
  EXPECT_LT(verdict.confidence, judged(phrase()).confidence);
  EXPECT_NE(verdict.review_reason.text.find("the left fencer is 163 px tall; 204 are needed"),
            std::string::npos)
      << verdict.review_reason;
}

TEST(Quality, WhatWasNotSeenIsToldWithItsTime) {
  const auto verdict = judged(with_right([](auto& point) { point.seen = false; }, .2, .7));
  const auto& lapses = verdict.quality.fencers.right.lapses;
  ASSERT_EQ(lapses.size(), 1U);
  EXPECT_EQ(lapses[0].text, "The right fencer is not seen from 0.20 s to 0.67 s");
  EXPECT_EQ(verdict.quality.believed, 1) << "long before the hit";
  EXPECT_FALSE(verdict.review);
}

TEST(Quality, WhatComesAfterTheHitDoesNotCount) {
  const auto verdict =
      judged(with_right([](auto& point) { set_scores(point, .1f), move(point, 300); }, 1.81, 9));
  EXPECT_EQ(verdict.quality.believed, 1);
  EXPECT_TRUE(verdict.quality.fencers.right.lapses.empty());
}

TEST(Quality, WhereALampDecidesItCostsNothing) {
  types::Phrase one;
  one.touches = {{Side::left, kHit, true}};
  const auto tracks = with_right([](auto& point) { set_scores(point, .1f); });
  const auto verdict = decide(tracks, one);
  EXPECT_EQ(verdict.winner, types::Winner::left);
  EXPECT_FALSE(verdict.review);
  EXPECT_LT(verdict.quality.fencers.right.last_second.score, .5);
}

TEST(DrawTowardsEven, MixesTheProbabilityWithAHalf) {
  std::vector<types::Finding> findings(2);
  findings[0].weight = 2, findings[0].favours = Side::left;
  findings[1].weight = .5, findings[1].favours = Side::right;
  draw_towards_even(.4, findings);
  const double sum = findings[0].weight - findings[1].weight;
  const double sure = 1 / (1 + std::exp(-1.5));
  EXPECT_NEAR(1 / (1 + std::exp(-sum)), .5 + .4 * (sure - .5), 1e-12);
  EXPECT_NEAR(findings[0].weight / findings[1].weight, 4, 1e-9);
}

}  // namespace
}  // namespace piste::referee
