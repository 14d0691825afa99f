#include "pipeline/touches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace piste::pipeline {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using types::SeenLamp;
using types::Side;

// Lamps of a video of 25 frames a second.
SeenLamp lamp(Side side, double time, double sureness = .9) {
  SeenLamp seen;
  seen.side = side;
  seen.time = time;
  seen.frame = static_cast<std::int64_t>(time * 25 + .5);
  seen.error = .04;
  seen.sureness = sureness;
  return seen;
}

// The box's "Left" is the picture's right.
const std::string log_of_both =
    " 0.000s | Phrase recording started\n 3.000s | HIT: Right scores on Left!\n"
    " 3.100s | HIT: Left scores on Right! (simultaneous)\n 3.100s | HIT: Simultaneous valid hits!\n";

class TouchesTest : public testing::Test {
 protected:
  TouchesTest() { seen_.places.watch = true; }
  Result<Touches> found() { return touches_of({log_, settings_, options_, seen_, 6.0}); }
  Touches touches() {
    auto result = found();
    EXPECT_TRUE(result.ok()) << (result ? "" : result.error().message);
    return result ? *result : Touches{};
  }

  std::string log_;
  PhraseSettings settings_;
  EngineOptions options_;
  types::SeenLamps seen_;
};

TEST_F(TouchesTest, LampsAloneAreTouches) {
  seen_.lamps = {lamp(Side::left, 3.0), lamp(Side::right, 3.12)};
  const Touches told = touches();
  EXPECT_EQ(told.source, types::TouchSource::lamps);
  ASSERT_EQ(told.phrase.touches.size(), 2u);
  EXPECT_EQ(told.phrase.touches[0].scorer, Side::left);
  EXPECT_DOUBLE_EQ(told.phrase.touches[0].time, 3.0);
  EXPECT_DOUBLE_EQ(told.phrase.touches[1].time, 3.12);
  EXPECT_THAT(told.doubt.text, IsEmpty());
  EXPECT_THAT(told.warnings, IsEmpty());
}

TEST_F(TouchesTest, WithoutLogLampsOrHitsTheThreeWaysAreNamed) {
  const auto nothing = found();
  ASSERT_FALSE(nothing.ok());
  for (const char* way : {"signal", "X,Y,W,H", "left@3.19"})
    EXPECT_THAT(nothing.error().message, HasSubstr(way));
  EXPECT_EQ(nothing.error().code, ErrorCode::log);
  seen_.places.watch = false;
  EXPECT_THAT(found().error().message, HasSubstr("nobody looked"));
}

TEST_F(TouchesTest, HitsThatAPersonTellsCountBeforeLamps) {
  seen_.lamps = {lamp(Side::left, 3.0)};
  settings_.hits = {{Side::right, 2.5, true}};
  const Touches told = touches();
  EXPECT_EQ(told.source, types::TouchSource::hits);
  ASSERT_EQ(told.phrase.touches.size(), 1u);
  EXPECT_EQ(told.phrase.touches[0].scorer, Side::right);
}

TEST_F(TouchesTest, AHitBehindTheVideosEndIsRefused) {
  settings_.hits = {{Side::right, 2.5, true}, {Side::left, 99, true}};
  const auto result = found();
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.error().message,
              HasSubstr("the hit at 99.00 s lies behind the end of the video, 6.00 s"));
  settings_.hits = {{Side::right, 6.5, true}};
  EXPECT_TRUE(found().ok()) << "tapped a little late";
}

TEST_F(TouchesTest, OfSeveralHitsTheLastCountsAndAPersonShouldLook) {
  seen_.lamps = {lamp(Side::left, 1), lamp(Side::right, 4), lamp(Side::left, 4.1)};
  const Touches told = touches();
  EXPECT_EQ(told.phrase.touches.size(), 2u);
  EXPECT_EQ(told.phrase.touches[0].scorer, Side::right);
  ASSERT_EQ(told.warnings.size(), 1u);
  EXPECT_THAT(told.doubt, HasSubstr("several times"));
}

TEST_F(TouchesTest, UnsureLampsAreForAPerson) {
  seen_.lamps = {lamp(Side::left, 3, .45)};
  EXPECT_THAT(touches().doubt, HasSubstr("45 % sure"));
}

TEST_F(TouchesTest, ALogsZeroThatIsOffIsPutRightByTheLamps) {
  log_ = log_of_both;
  seen_.lamps = {lamp(Side::left, 3.28), lamp(Side::right, 3.36)};
  const Touches told = touches();
  EXPECT_EQ(told.source, types::TouchSource::log);
  EXPECT_NEAR(told.zero, .25, .001) << "half a frame before the frames that show them";
  ASSERT_TRUE(told.lag);
  EXPECT_NEAR(told.lag->seconds, .25, .001);
  EXPECT_NEAR(told.lag->error, .014, .001);
  ASSERT_EQ(told.warnings.size(), 1u);
  EXPECT_THAT(told.warnings[0], HasSubstr("250 ms later than set: put right"));
  EXPECT_DOUBLE_EQ(told.phrase.touches[0].time, 3.0) << "the log's own times stay";
}

TEST_F(TouchesTest, WhereTheSettingWinsItIsOnlySaid) {
  log_ = log_of_both;
  options_.lamps_set_zero = false;
  seen_.lamps = {lamp(Side::left, 3.28), lamp(Side::right, 3.36)};
  const Touches told = touches();
  EXPECT_EQ(told.zero, 0);
  ASSERT_EQ(told.warnings.size(), 1u);
  EXPECT_THAT(told.warnings[0], HasSubstr("left as it is"));
}

TEST_F(TouchesTest, OneLampAloneIsOnlySaid) {
  log_ = log_of_both;
  seen_.lamps = {lamp(Side::left, 3.28)};
  const Touches told = touches();
  EXPECT_EQ(told.zero, 0);
  ASSERT_EQ(told.warnings.size(), 1u);
  EXPECT_THAT(told.warnings[0], HasSubstr("left as it is"));
}

TEST_F(TouchesTest, AZeroWithin80MillisecondsStays) {
  log_ = log_of_both;
  options_.signal_offset = .2;
  seen_.lamps = {lamp(Side::left, 3.28), lamp(Side::right, 3.36)};
  const Touches told = touches();
  EXPECT_EQ(told.zero, .2);
  EXPECT_NEAR(told.lag->seconds, .25, .001);
  EXPECT_THAT(told.warnings, IsEmpty());
}

TEST_F(TouchesTest, LampsThatContradictOneAnotherPutNothingRight) {
  log_ = log_of_both;
  seen_.lamps = {lamp(Side::left, 3.28), lamp(Side::right, 4.5)};
  EXPECT_EQ(touches().zero, 0);
  EXPECT_FALSE(touches().lag);
  seen_.lamps = {lamp(Side::left, 3.4, .5)};  // one alone, and unsure
  EXPECT_EQ(touches().zero, 0);
  seen_.lamps = {lamp(Side::left, 3.4)};
  seen_.lamps[0].onset_unknown = true;
  EXPECT_EQ(touches().zero, 0);
}

}  // namespace
}  // namespace piste::pipeline
