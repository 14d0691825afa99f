#include "bout/sheet.h"

#include <gtest/gtest.h>

namespace piste::bout {
namespace {

using types::Winner;

types::box::Event score(double at, int left, int right) {
  return {types::box::Score{{left, right}}, {at, 0}};
}

void expect(const Score& score, int left, int right) {
  EXPECT_EQ(score.left, left);
  EXPECT_EQ(score.right, right);
}

TEST(BoutSheet, TheBoxsScoreCounts) {
  Sheet sheet;
  sheet.take(score(0, 0, 0));
  sheet.take(score(20, 1, 0));
  sheet.take(score(40, 1, 1));
  sheet.judged(1, Winner::right);
  expect(sheet.score(1, 30), 1, 0);
  expect(sheet.score(2, 99), 1, 1);
}

TEST(BoutSheet, UntilTheRefereeHasSpokenTheVerdictsPointIsExpected) {
  Sheet sheet;
  sheet.take(score(0, 0, 0));
  sheet.judged(1, Winner::right);
  expect(sheet.expected_score(1, 99, 12), 0, 1);
  sheet.take(score(20, 0, 1));
  sheet.judged(2, Winner::left);
  expect(sheet.expected_score(2, 99, 32), 1, 1);
  sheet.judged(2, Winner::none);
  expect(sheet.expected_score(2, 99, 32), 0, 1);
  sheet.take(score(40, 0, 2));  // the referee saw it otherwise
  expect(sheet.expected_score(2, 99, 32), 0, 2);
}

TEST(BoutSheet, WithoutOneTheVerdictsAddUpAndMayBePutRight) {
  Sheet sheet;
  sheet.judged(1, Winner::left);
  sheet.judged(2, Winner::both);
  sheet.judged(3, Winner::none);
  sheet.judged(4, Winner::right);
  expect(sheet.score(2, 0), 2, 1);
  expect(sheet.score(4, 0), 2, 2);
  sheet.judged(1, Winner::right);
  expect(sheet.score(4, 0), 1, 3);
}

TEST(BoutSheet, AScoreThatNobodyKeepsIsNone) {
  Sheet sheet;
  sheet.take(score(0, 0, 0));
  sheet.take(score(100, 0, 0));
  sheet.judged(1, Winner::left);
  expect(sheet.score(1, 200), 1, 0);
}

TEST(BoutSheet, NamesAreTheBoxs) {
  Sheet sheet;
  sheet.take({types::box::Match{{{"left_name", "Ada"}, {"right_name", "Grace"}, {"piste", "3"}}}, {0, 0}});
  EXPECT_EQ(sheet.names().left, "Ada");
  EXPECT_EQ(sheet.names().right, "Grace");
}

}  // namespace
}  // namespace piste::bout
