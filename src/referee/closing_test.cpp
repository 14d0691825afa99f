#include "referee/closing.h"

#include <gtest/gtest.h>

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
double believed(const types::Verdict& verdict, double logged) {
  double sum = 0;
  for (const types::Finding& finding : verdict.trace)
    for (const char* kind : {"last_stop", "ground", "retreat", "hand", "blade", "course"})
      if (finding.kind == kind)
        sum += finding.favours == types::Side::left ? finding.weight : -finding.weight;
  return sum / opine(measure(one_is_earlier(), logged), {}).log_odds_left;
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

TEST(HitDoubt, IsNoneWhereLogAndMotionAgree) {
  for (const double off : {-0.2, 0.0, 0.3}) {
    EXPECT_EQ(hit_doubt(measure(meeting(), kMeeting + off)), "") << off;
  }
}

TEST(HitDoubt, AsksForAPersonAndLowersTheConfidence) {
  const auto agreed = decide(one_is_earlier(), both_lights(kMeeting));
  EXPECT_NEAR(believed(agreed, kMeeting), 1, 1e-9);
  EXPECT_EQ(agreed.review_reason.find("the clocks may differ"), std::string::npos);
  for (const double logged : {kMeeting - 0.8, kMeeting + 1.2}) {
    const auto verdict = decide(one_is_earlier(), both_lights(logged));
    EXPECT_NEAR(believed(verdict, logged), 0.5, 1e-9) << logged;
    EXPECT_TRUE(verdict.review) << logged;
    EXPECT_NE(verdict.review_reason.find("by the log the hit is at"), std::string::npos)
        << logged << ' ' << verdict.review_reason;
  }
}

}  // namespace
}  // namespace piste::referee
