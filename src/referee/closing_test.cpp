#include "referee/closing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "referee/decide.h"
#include "referee/model.h"
#include "referee/test_phrases.h"

namespace piste::referee {
namespace {

constexpr double kMeeting = 1.8;  // s: then both stop

types::Tracks meeting(double fps = 30) {
  Drawn fencer;
  fencer.speed = between_times(0.8, kMeeting, 1.5, 0);
  return drawn(fencer, fencer, {.fps = fps, .length = 4, .distance = 5});
}

types::Tracks one_is_earlier() {
  Drawn early;
  early.speed = between_times(0.8, kMeeting, 1.5, 0);
  Drawn late;
  late.speed = between_times(1.1, kMeeting, 1.5, 0);
  return drawn(early, late, {.length = 4, .distance = 5});
}

// What the learned evidence in the trace adds up to, as a part of what the model says of that moment.
double believed(const types::Verdict& verdict, double hit) {
  double sum = 0;
  for (const types::Finding& finding : verdict.trace)
    for (const char* kind : {"last_stop", "ground", "retreat", "hand", "blade", "course"})
      if (finding.kind == kind)
        sum += finding.favours == types::Side::left ? finding.weight : -finding.weight;
  return sum / opine(measure(one_is_earlier(), hit), {}).log_odds_left;
}

TEST(SlowMotion, AsksForAPerson) {
  types::Tracks tracks = one_is_earlier();
  for (const types::Side side : types::both_sides)
    for (auto& point : tracks[side].points) point.time *= 8;  // as a telephone plays 240 frames a second
  const auto verdict = decide(tracks, both_lights(8 * kMeeting));
  EXPECT_TRUE(verdict.review);
  EXPECT_NE(verdict.review_reason.text.find("it may be slow motion"), std::string::npos)
      << verdict.review_reason;
  const auto as_fenced = decide(one_is_earlier(), both_lights(kMeeting));
  EXPECT_EQ(as_fenced.review_reason.text.find("slow motion"), std::string::npos) << as_fenced.review_reason;
}

class ClosingAtAnyRate : public testing::TestWithParam<double> {};

TEST_P(ClosingAtAnyRate, EndsWhereBothStop) {
  for (const double touch : {1.5, kMeeting, 2.4}) {
    const auto end = closing_ends(measure(meeting(GetParam()), touch));
    ASSERT_TRUE(end) << touch;
    EXPECT_NEAR(*end, kMeeting, 0.15) << touch;
  }
}

INSTANTIATE_TEST_SUITE_P(Cameras, ClosingAtAnyRate, testing::Values(15, 25, 30, 60, 120));

TEST(Closing, IsNothingWhereNobodyMovesOrOfDisplacements) {
  EXPECT_FALSE(closing_ends(measure(drawn({}, {}), 1.8)));
  types::Tracks tracks = meeting();
  tracks.displacements = true;
  EXPECT_FALSE(closing_ends(measure(tracks, kMeeting)));
}

const types::Finding* told_of_the_hit(const types::Verdict& verdict) {
  const auto found = std::find_if(verdict.trace.begin(), verdict.trace.end(),
                                  [](const types::Finding& finding) { return finding.kind == kHit; });
  return found == verdict.trace.end() ? nullptr : &*found;
}

TEST(EstimatedHit, IsTheLogsWhereTheMotionAgrees) {
  for (const double off : {-0.2, 0.0, 0.3}) {
    const Hit hit = estimate_hit(measure(meeting(), kMeeting + off, kSeenAfterHit));
    EXPECT_NEAR(hit.time, kMeeting + off, 1e-9);
    EXPECT_EQ(hit.doubt, "") << off;
  }
  EXPECT_FALSE(told_of_the_hit(decide(one_is_earlier(), both_lights(kMeeting))));
}

// A clock that is off by so much, late and early: the estimate is nearer to what happened than the log is.
TEST(EstimatedHit, LiesBetweenTheLogAndTheMotionWhereTheyDoNot) {
  for (const double off : {-1.2, -0.8, 1.0, 1.4}) {
    const Hit hit = estimate_hit(measure(meeting(), kMeeting + off, kSeenAfterHit));
    EXPECT_LT(std::abs(hit.time - kMeeting), std::abs(off) - 0.05) << off;
    EXPECT_GT((hit.time - kMeeting) * off, 0) << "on the log's side of the motion's";
    EXPECT_NE(hit.doubt.text.find("the motion is judged as of"), std::string::npos) << hit.doubt;
  }
}

TEST(EstimatedHit, IsTheLogsWhereSlowFencersCloseTwice) {
  Drawn fencer;
  fencer.speed = [](double time) {
    if (time >= 0.3 && time < 0.8) return 0.8;
    return time >= 1.4 && time < 1.9 ? 0.6 : 0.0;
  };
  const types::Tracks tracks = drawn(fencer, fencer, {.length = 4, .distance = 4});
  const auto doubt = [&](double logged) {
    return estimate_hit(measure(tracks, logged, kSeenAfterHit)).doubt;
  };
  EXPECT_EQ(doubt(1.9), "");  // the first closing is the faster one
  EXPECT_EQ(doubt(0.8), "");
  EXPECT_NE(doubt(2.8), "");
}

TEST(EstimatedHit, IsTheLogsWhereTheVideoEndsAtIt) {
  Drawn fencer;
  fencer.speed = constantly(1.2);
  const types::Tracks tracks = drawn(fencer, fencer, {.length = kMeeting, .distance = 5});
  for (const double off : {-0.3, -0.1, 0.0, 0.1, 0.3})
    EXPECT_EQ(estimate_hit(measure(tracks, kMeeting + off, kSeenAfterHit)).doubt, "") << off;
  EXPECT_NE(estimate_hit(measure(tracks, kMeeting - 0.6, kSeenAfterHit)).doubt, "");
}

TEST(EstimatedHit, IsWhatTheMotionIsJudgedBy) {
  const double logged = kMeeting + 1.2;
  const auto verdict = decide(one_is_earlier(), both_lights(logged));
  const auto* told = told_of_the_hit(verdict);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->weight, 0);
  EXPECT_NEAR(told->value, estimate_hit(measure(one_is_earlier(), logged, kSeenAfterHit)).time, 1e-9);
  EXPECT_EQ(told->time, told->value);
  EXPECT_NE(told->text.text.find("By the log the hit is at"), std::string::npos) << told->text;
}

// The fencers are still closing when the pictures end: the motion knows of no hit, the log tells of a late
// one.
TEST(EstimatedHit, OfAVideoThatEndsBeforeItIsToldAndHalvesWhatIsBelieved) {
  types::Tracks tracks = one_is_earlier();
  for (const types::Side side : types::both_sides) {
    auto& points = tracks[side].points;
    std::erase_if(points, [](const types::TrackPoint& point) { return point.time > kMeeting - 0.1; });
  }
  const auto in_time = decide(tracks, both_lights(kMeeting));
  EXPECT_FALSE(told_of_the_hit(in_time));
  const auto cut = decide(tracks, both_lights(kMeeting + 0.5));
  const auto* told = told_of_the_hit(cut);
  ASSERT_TRUE(told);
  EXPECT_NE(told->text.text.find("The video ends 0.6"), std::string::npos) << told->text;
  EXPECT_TRUE(cut.review);
  const double whole = std::abs(opine(measure(tracks, kMeeting + 0.5), {}).log_odds_left);
  EXPECT_LE(std::log(cut.confidence / (1 - cut.confidence)), whole) << "less is believed";
}

TEST(EstimatedHit, AsksForAPersonAndLowersTheConfidence) {
  const auto agreed = decide(one_is_earlier(), both_lights(kMeeting));
  EXPECT_NEAR(believed(agreed, kMeeting), 1, 1e-9);
  EXPECT_EQ(agreed.review_reason.text.find("the clocks may differ"), std::string::npos);
  for (const double logged : {kMeeting - 0.8, kMeeting + 1.2}) {
    const auto verdict = decide(one_is_earlier(), both_lights(logged));
    ASSERT_TRUE(told_of_the_hit(verdict));
    EXPECT_NEAR(believed(verdict, told_of_the_hit(verdict)->value), 0.5, 1e-9) << logged;
    EXPECT_TRUE(verdict.review) << logged;
    EXPECT_NE(verdict.review_reason.text.find("by the log the hit is at"), std::string::npos)
        << logged << ' ' << verdict.review_reason;
  }
}

}  // namespace
}  // namespace piste::referee
