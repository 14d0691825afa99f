#include "session/backlog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace piste::session {
namespace {

using testing::ElementsAre;

class BacklogTest : public testing::Test {
 protected:
  // goes_on: whether the phrase's analysis begins at all.
  void add(std::uint64_t phrase, bool goes_on = true) {
    backlog.add(phrase, [this, phrase, goes_on] {
      begun.push_back(phrase);
      return goes_on;
    });
  }

  Backlog backlog;
  std::vector<std::uint64_t> begun;
};

TEST_F(BacklogTest, AFewAtATimeInOrder) {
  for (const auto phrase : {1, 2, 3, 4}) add(phrase);
  EXPECT_THAT(begun, ElementsAre(1, 2));
  backlog.ended(2);
  EXPECT_THAT(begun, ElementsAre(1, 2, 3));
  backlog.ended(1);
  backlog.ended(3);
  EXPECT_THAT(begun, ElementsAre(1, 2, 3, 4));
}

TEST_F(BacklogTest, ThoseThatSomebodyWaitsForGoFirst) {
  for (const auto phrase : {1, 2, 3, 4, 5}) add(phrase);
  backlog.hurry(5);
  backlog.hurry(4);
  backlog.hurry(9);
  for (const auto phrase : {1, 2, 4}) backlog.ended(phrase);
  EXPECT_THAT(begun, ElementsAre(1, 2, 4, 5, 3));
}

TEST_F(BacklogTest, OneThatHasEndedMeanwhileTakesNoPlace) {
  add(1);
  add(2, false);
  add(3);
  EXPECT_THAT(begun, ElementsAre(1, 2, 3));
}

TEST_F(BacklogTest, TheEndOfAnotherPhraseMakesNoRoom) {
  for (const auto phrase : {1, 2, 3}) add(phrase);
  backlog.ended(7);
  backlog.ended(3);
  EXPECT_THAT(begun, ElementsAre(1, 2));
}

TEST_F(BacklogTest, NoneIsBegunAfterTheStop) {
  for (const auto phrase : {1, 2, 3}) add(phrase);
  backlog.stop();
  backlog.ended(1);
  add(4);
  EXPECT_THAT(begun, ElementsAre(1, 2));
}

TEST_F(BacklogTest, ABeginningMayAddTheNext) {
  backlog.add(1, [this] {
    add(2);
    return true;
  });
  EXPECT_THAT(begun, ElementsAre(2));
}

}  // namespace
}  // namespace piste::session
