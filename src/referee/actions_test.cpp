#include "referee/actions.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "referee/test_phrases.h"

namespace piste::referee {
namespace {

using types::Side;

constexpr double kTouch = 1.8;

struct Seen {
  Kinematics motion;
  std::vector<Span> spans;

  const Span* last(Act act, Side side) const { return last_of(spans, act, side, motion); }
  double start(const Span& span) const { return motion.times[span.first]; }
  double end(const Span& span) const { return motion.times[span.last]; }
};

Seen look(const types::Tracks& tracks, const std::vector<double>& contacts = {}, double touch = kTouch) {
  Seen out;
  out.motion = measure(tracks, touch);
  out.spans = find_actions(out.motion, {contacts, {true, true}});
  return out;
}

Drawn walking(OverTime speed) {
  Drawn fencer;
  fencer.speed = std::move(speed);
  return fencer;
}

class ActionsAtAnyRate : public testing::TestWithParam<double> {
 protected:
  Camera camera() const { return {.fps = GetParam()}; }
};

TEST_P(ActionsAtAnyRate, AdvancePauseRetreat) {
  const auto course = [](double time) { return time < 0.6 ? 1.0 : time < 1.1 ? 0.0 : -1.0; };
  const Seen seen = look(drawn(walking(course), walking(constantly(0)), camera()));
  const Span* advance = seen.last(Act::advance, Side::left);
  const Span* pause = seen.last(Act::pause, Side::left);
  const Span* retreat = seen.last(Act::retreat, Side::left);
  ASSERT_TRUE(advance && pause && retreat);
  EXPECT_NEAR(seen.end(*advance), 0.6, 0.1);
  EXPECT_NEAR(seen.start(*pause), 0.6, 0.1);
  EXPECT_NEAR(seen.end(*pause), 1.1, 0.1);
  EXPECT_NEAR(seen.start(*retreat), 1.1, 0.1);
  for (const Span* span : {advance, pause, retreat}) EXPECT_GT(span->confidence, 0.7);
}

TEST_P(ActionsAtAnyRate, AnAttackBeginsWhereTheAdvanceIsNoLongerSlow) {
  const auto course = [](double time) { return time < 1.2 ? 0.40 : 2.2; };
  const Seen seen = look(drawn(walking(course), walking(constantly(0)), camera()));
  const Span* attack = seen.last(Act::attack, Side::left);
  ASSERT_TRUE(attack);
  EXPECT_NEAR(seen.start(*attack), 1.2, 0.12);
  EXPECT_FALSE(seen.last(Act::attack, Side::right));
}

TEST_P(ActionsAtAnyRate, ASlowAdvanceIsNoAttack) {
  const Seen seen = look(drawn(walking(constantly(0.7)), walking(constantly(0)), camera()));
  EXPECT_TRUE(seen.last(Act::advance, Side::left));
  EXPECT_FALSE(seen.last(Act::attack, Side::left));
}

TEST_P(ActionsAtAnyRate, ALungeOpensTheStance) {
  Drawn left = walking([](double time) { return time < 1.3 ? 0.0 : 1.6; });
  left.stance = [](double time) { return 0.6 + 0.7 * std::clamp((time - 1.3) / 0.3, 0.0, 1.0); };
  const Seen seen = look(drawn(left, walking(constantly(0)), camera()));
  const Span* lunge = seen.last(Act::lunge, Side::left);
  ASSERT_TRUE(lunge);
  EXPECT_NEAR(seen.start(*lunge), 1.3, 0.15);
  EXPECT_NEAR(seen.end(*lunge), 1.6, 0.15);
  EXPECT_FALSE(seen.last(Act::lunge, Side::right));
}

TEST_P(ActionsAtAnyRate, WhoGoesForwardIntoAnAttackCounterAttacks) {
  const Seen seen = look(drawn(walking([](double time) { return time < 0.8 ? 0.2 : 3.0; }),
                               walking([](double time) { return time < 1.4 ? -0.6 : 3.0; }),
                               {.fps = GetParam(), .distance = 6}));
  const Span* counter = seen.last(Act::counter_attack, Side::right);
  ASSERT_TRUE(counter);
  EXPECT_NEAR(seen.start(*counter), 1.45, 0.15);
  EXPECT_FALSE(seen.last(Act::counter_attack, Side::left));
}

TEST_P(ActionsAtAnyRate, AParryEndsTheAttack_TheRiposteFollows) {
  const Seen seen = look(drawn(walking([](double time) { return time < 1.3 ? 1.8 : 0.0; }),
                               walking([](double time) { return time < 1.35 ? -0.4 : 1.2; }),
                               {.fps = GetParam(), .distance = 5}),
                         {1.3});
  const Span* parry = seen.last(Act::parry, Side::right);
  const Span* riposte = seen.last(Act::riposte, Side::right);
  const Span* remise = seen.last(Act::remise, Side::left);
  ASSERT_TRUE(parry && riposte && remise);
  EXPECT_NEAR(seen.start(*parry), 1.3, 0.04);
  EXPECT_NEAR(seen.start(*riposte), 1.4, 0.12);
  EXPECT_FALSE(seen.last(Act::counter_attack, Side::right));
}

TEST_P(ActionsAtAnyRate, WhoTakesTheBladeInHisAttackHasBeaten) {
  const Seen seen = look(
      drawn(walking(constantly(1.8)), walking(constantly(-0.2)), {.fps = GetParam(), .distance = 6}), {1.3});
  EXPECT_TRUE(seen.last(Act::beat, Side::left));
  for (const Side side : types::both_sides) EXPECT_FALSE(seen.last(Act::parry, side));
}

TEST_P(ActionsAtAnyRate, APointThatStoodBeforeTheAttackIsInLine) {
  Drawn right;
  right.reach = constantly(0.6);
  right.hand_up = constantly(0);
  const Seen seen = look(drawn(walking(between_times(1.0, 9, 2.0, 0.0)), right, camera()));
  const Span* line = seen.last(Act::point_in_line, Side::right);
  ASSERT_TRUE(line);
  EXPECT_LT(seen.start(*line), 1.0);
  EXPECT_FALSE(seen.last(Act::point_in_line, Side::left));
}

INSTANTIATE_TEST_SUITE_P(Cameras, ActionsAtAnyRate, testing::Values(15, 25, 30, 60, 120));

TEST(Actions, ABentArmIsNoLine) {
  const Seen seen = look(drawn(walking(between_times(1.0, 9, 2.0, 0.0)), walking(constantly(0))));
  EXPECT_FALSE(seen.last(Act::point_in_line, Side::right));
}

TEST(Actions, AContactInTheHitItselfIsNoParry) {
  const Seen seen = look(drawn(walking([](double time) { return time < 1.7 ? 1.8 : 0.0; }),
                               walking([](double time) { return time < 1.7 ? -0.4 : 1.2; })),
                         {1.75});
  for (const Side side : types::both_sides) EXPECT_FALSE(seen.last(Act::parry, side));
}

TEST(Actions, FootworkCoversTheClock) {
  const auto course = [](double time) { return time < 0.6 ? 1.0 : time < 1.1 ? 0.0 : -1.0; };
  const Seen seen = look(drawn(walking(course), walking(constantly(1))));
  std::size_t next = 0;
  for (const Span& span : seen.spans) {
    if (span.side != Side::left || span.act > Act::pause) continue;
    EXPECT_EQ(span.first, next);
    next = span.last + 1;
  }
  EXPECT_EQ(next, seen.motion.size());
}

TEST(Actions, ConfidencesAreProbabilitiesAndFallWithoutMeasurements) {
  types::Tracks tracks = drawn(walking(constantly(1)), walking(constantly(0)));
  for (const Span& span : look(tracks).spans) {
    EXPECT_GE(span.confidence, 0);
    EXPECT_LE(span.confidence, 1);
  }
  const double sure = look(tracks).last(Act::advance, Side::left)->confidence;
  const auto hole = [](const types::TrackPoint& point) { return point.time > 0.5 && point.time < 1.4; };
  for (const Side side : types::both_sides) std::erase_if(tracks[side].points, hole);
  EXPECT_LT(look(tracks).last(Act::advance, Side::left)->confidence, 0.8 * sure);
}

}  // namespace
}  // namespace piste::referee
