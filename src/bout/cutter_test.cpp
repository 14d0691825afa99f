#include "bout/cutter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace piste::bout {
namespace {

using namespace types::box;
using testing::ElementsAre;
using testing::HasSubstr;
using types::Side;
using types::Weapon;

// A bout as its box tells it, with a verb for whatever happens.
class BoutCutter : public testing::Test {
 protected:
  void tell(double at, What what, double error = 0) { cutter.take({std::move(what), {at, error}}); }
  void clock(double at, bool running, double error = 0) { tell(at, Clock{running, std::nullopt}, error); }
  void lamp(double at, Side side, LampState state = LampState::valid) { tell(at, Lamp{side, state}); }
  std::vector<Cut> all() {
    std::vector<Cut> found;
    while (auto cut = cutter.next(1e9)) found.push_back(std::move(*cut));
    return found;
  }
  Cut only() {
    const auto found = all();
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? Cut{} : found.front();
  }
  std::vector<std::string> left_out() {
    std::vector<std::string> why;
    while (auto found = cutter.next_left_out()) why.push_back(found->why);
    return why;
  }

  Cutter cutter{Rules{}};
};

TEST_F(BoutCutter, APhraseBeginsWithTheClockAndEndsAfterTheLastHit) {
  clock(10, true);
  lamp(14, Side::left);
  lamp(14.12, Side::right);
  clock(14.9, false);
  const Cut cut = only();
  EXPECT_DOUBLE_EQ(*cut.phrase.start, 9.5);
  EXPECT_DOUBLE_EQ(cut.end, 14.92);
  ASSERT_EQ(cut.phrase.touches.size(), 2U);
  EXPECT_EQ(cut.phrase.touches[0].scorer, Side::left);
  EXPECT_EQ(cut.phrase.touches[1].scorer, Side::right);
}

TEST_F(BoutCutter, IsOverWhenItsEndHasPassedAndNotBefore) {
  clock(10, true);
  lamp(14, Side::left);
  EXPECT_FALSE(cutter.next(14.79));
  EXPECT_TRUE(cutter.next(14.8));
  EXPECT_FALSE(cutter.next(20));
}

TEST_F(BoutCutter, WithoutAClockTheGuardIsLookedForInTwelveSeconds) {
  lamp(5, Side::left);
  lamp(40, Side::right);
  const auto cuts = all();
  ASSERT_EQ(cuts.size(), 2U);
  EXPECT_FALSE(cuts[0].phrase.start);
  EXPECT_DOUBLE_EQ(cuts[0].earliest, 0);
  EXPECT_DOUBLE_EQ(cuts[1].earliest, 28);
}

TEST_F(BoutCutter, NoPhraseReachesIntoTheOneBefore) {
  lamp(20, Side::left);
  lamp(25, Side::right);
  EXPECT_DOUBLE_EQ(all()[1].earliest, 20.8);
}

TEST_F(BoutCutter, AHaltBeginsNothingAndTheClockBeginsAnew) {
  clock(10, true);
  clock(13, false);
  clock(20, true);
  lamp(24, Side::right);
  EXPECT_DOUBLE_EQ(*only().phrase.start, 19.5);
}

TEST_F(BoutCutter, AHitMayComeWithTheHaltOrStopTheClockItself) {
  clock(10, true);
  clock(13, false);
  lamp(13.4, Side::right);
  EXPECT_DOUBLE_EQ(*only().phrase.start, 9.5);
}

TEST_F(BoutCutter, AWeaponThatIsTestedWhileTheClockStandsIsNoPhrase) {
  clock(10, true);
  lamp(14, Side::left);
  clock(14.5, false);
  lamp(22, Side::right);
  lamp(24, Side::left);
  clock(30, true);
  lamp(33, Side::left);
  const auto cuts = all();
  ASSERT_EQ(cuts.size(), 2U);
  EXPECT_DOUBLE_EQ(*cuts[1].phrase.start, 29.5);
  EXPECT_THAT(left_out(), ElementsAre(HasSubstr("the clock stood"), HasSubstr("the clock stood")));
}

TEST_F(BoutCutter, AClockThatIsForgottenLosesAFewHitsAndNotAll) {
  clock(10, true);
  lamp(14, Side::left);
  clock(15, false);
  for (int i = 2; i < 12; ++i) lamp(20.0 * i, Side::left);
  EXPECT_EQ(all().size(), 1U + 4U);
  EXPECT_EQ(left_out().size(), 6U);
}

TEST_F(BoutCutter, AClockThatNobodyUsesCutsNothing) {
  clock(0, false);
  for (const double at : {20.0, 45.0, 70.0}) lamp(at, Side::left);
  EXPECT_EQ(all().size(), 3U);
  EXPECT_TRUE(left_out().empty());
}

TEST_F(BoutCutter, AnInaccurateClockBeginsEarlier) {
  clock(10, true, 1);
  lamp(14, Side::left);
  EXPECT_DOUBLE_EQ(*only().phrase.start, 8.5);
}

TEST_F(BoutCutter, APhraseOfMoreThanAMinuteIsCutByTheGuard) {
  clock(10, true);
  lamp(100, Side::left);
  const Cut cut = only();
  EXPECT_FALSE(cut.phrase.start);
  EXPECT_DOUBLE_EQ(cut.earliest, 88);
}

TEST_F(BoutCutter, OneHitOfEachFencerCounts) {
  lamp(20, Side::left);
  lamp(20.1, Side::left);
  lamp(20.2, Side::right);
  lamp(20.9, Side::left);
  const Cut cut = only();
  EXPECT_EQ(cut.phrase.touches.size(), 2U);
  EXPECT_DOUBLE_EQ(cut.end, 21);
}

TEST_F(BoutCutter, AHitThatIsToldLateIsPutInOrder) {
  lamp(20.1, Side::left);
  lamp(20, Side::right);
  const Cut cut = only();
  EXPECT_EQ(cut.phrase.touches[0].scorer, Side::right);
  EXPECT_DOUBLE_EQ(cut.end, 20.9);
}

TEST_F(BoutCutter, LampsThatAreNoHitsCutNothing) {
  lamp(10, Side::left, LampState::off);
  lamp(11, Side::left, LampState::late);
  lamp(12, Side::left, LampState::too_short);
  lamp(13, Side::left, LampState::off_target);  // sabre: a broken wire
  Lamp before{Side::right, LampState::valid};
  before.onset_unknown = true;
  tell(14, before);
  EXPECT_TRUE(all().empty());
}

TEST_F(BoutCutter, OffTargetCountsInFoilWhoeverSaysThatItIs) {
  tell(0, Match{{{"weapon", "foil"}}});
  lamp(13, Side::left, LampState::off_target);
  const Cut cut = only();
  EXPECT_EQ(cut.weapon, Weapon::foil);
  EXPECT_FALSE(cut.phrase.touches[0].valid);
  Cutter sabre({Weapon::sabre});
  sabre.take({Match{{{"weapon", "foil"}}}, {0, 0}});
  sabre.take({Lamp{Side::left, LampState::off_target}, {13, 0}});
  EXPECT_FALSE(sabre.next(100));
}

TEST_F(BoutCutter, OrderUnknownAndContactsGoWithThePhrase) {
  clock(10, true);
  tell(12, BladeContact{true});
  tell(12.1, BladeContact{false});
  Lamp one{Side::left, LampState::valid};
  one.order_unknown = true;
  tell(14, one, .031);
  Lamp other{Side::right, LampState::valid};
  other.order_unknown = true;
  tell(14, other, .031);
  tell(14.02, Lockout{true});
  tell(14.2, Lockout{false});
  const Cut cut = only();
  EXPECT_TRUE(cut.phrase.order_unknown);
  EXPECT_DOUBLE_EQ(cut.phrase.touches[0].error, .031);
  EXPECT_THAT(cut.phrase.blade_contacts, ElementsAre(12));
  ASSERT_TRUE(cut.phrase.lockout);
  EXPECT_DOUBLE_EQ(cut.phrase.lockout->start, 14.02);
}

}  // namespace
}  // namespace piste::bout
