#include "recording/numbering.h"

#include <gtest/gtest.h>

namespace piste::recording {
namespace {

TEST(Numbering, BeginsAtZeroWhereZeroCame) {
  EXPECT_EQ(first_number(0, 29, 30), 0);
  EXPECT_EQ(first_number(0, 29, {}), 0);
  EXPECT_EQ(first_number(0, 29, 3), 0) << "whatever the sender has counted";
}

TEST(Numbering, FramesThatWereLostAtTheBeginningStayLost) {
  EXPECT_EQ(first_number(1, 29, 30), 0);
  EXPECT_EQ(first_number(10, 29, 30), 0);
  EXPECT_EQ(first_number(10, 25, 30), 0) << "and some at the end";
  EXPECT_EQ(first_number(1000, 1799, 1800), 0);
  EXPECT_EQ(first_number(10, 29, {}), 0);
}

TEST(Numbering, BeginsAtOneWhereTheSenderCountsFromOne) {
  EXPECT_EQ(first_number(1, 30, 30), 1);
  EXPECT_EQ(first_number(1, 30, {}), 1);
  EXPECT_EQ(first_number(3, 30, 30), 1) << "its first two are lost";
}

TEST(Numbering, BeginsWhereACounterStands) {
  EXPECT_EQ(first_number(57'812, 57'841, 30), 57'812);
  EXPECT_EQ(first_number(57'812, 57'841, {}), 57'812);
  EXPECT_EQ(first_number(5, 34, 30), 5);
  EXPECT_EQ(first_number(9'007'199'254'740'900, 9'007'199'254'740'991, 90), 9'007'199'254'740'900);
}

}  // namespace
}  // namespace piste::recording
