// Sentences and their codes.
#include "types/said.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace piste::types {
namespace {

TEST(SaidTest, ASentenceIsItsEnglishAndItsCode) {
  const Said one = said("stopped_at", {{"who", Side::right}, {"at", 2.4567}, {"other", Side::left}});
  EXPECT_EQ(one.text, "Right stopped at 2.46 s while left kept advancing");
  ASSERT_EQ(one.sentences.size(), 1U);
  EXPECT_EQ(one.sentences[0].code, "stopped_at");
  ASSERT_EQ(one.sentences[0].params.size(), 3U);
  EXPECT_EQ(std::get<std::string>(one.sentences[0].params[0].second), "right");
  EXPECT_EQ(std::get<double>(one.sentences[0].params[1].second), 2.4567);
}

TEST(SaidTest, NumbersHaveTheDecimalsOfTheTable) {
  const auto rates = said("stamps_count", {{"announced", 30.0}, {"stamped", 29.974}});
  EXPECT_EQ(rates.text, "30 frames/s are announced, the timestamps say 29.97: the timestamps count");
  EXPECT_EQ(said("times_more", {{"count", 3.0}}).text, "and 3 times more");
}

TEST(SaidTest, ListsOfTimesAreTold) {
  Sentence::Times times{{1.2, 1.534}, {2, 3}};
  EXPECT_EQ(said("black", {{"times", times}}).text,
            "The picture is black from 1.20 to 1.53 s, from 2.00 to 3.00 s");
  for (int i = 0; i < 4; ++i) times.emplace_back(i + 4, i + 4.5);
  const std::string text = said("cuts", {{"times", times}});
  EXPECT_EQ(text.substr(0, text.find(':')),
            "The picture is cut, or swung too fast to follow, at 1.53 s, at 3.00 s, at "
            "4.50 s, at 5.50 s and 2 times more");
}

TEST(SaidTest, SeveralAreOneTextAndAllTheirCodes) {
  const Said call = said("attack", {{"who", Side::left}});
  const Said why = said("beat", {{"who", Side::left}, {"at", 3.0}});
  const Said reason = about(call, why);
  EXPECT_EQ(reason.text, "Attack from the left: left took the blade at 3.00 s and kept going forward");
  ASSERT_EQ(reason.sentences.size(), 2U);
  EXPECT_EQ(reason.sentences[1].code, "beat");
  EXPECT_EQ(joined(said("little"), said("not_seen")).text,
            "little speaks for either fencer; the fencers are not seen");
  EXPECT_EQ(joined({}, call).text, call.text);
  EXPECT_EQ(joined(call, "").sentences.size(), 1U);
  EXPECT_EQ(capitalised(said("little")).text, "Little speaks for either fencer");
}

TEST(SaidTest, WhatHasNoCodeIsEnglishAlone) {
  const Said disk = "The video was not saved: the disk is full";
  EXPECT_TRUE(disk.sentences.empty());
  EXPECT_EQ(joined(said("little"), disk).sentences.size(), 1U);
}

TEST(SaidTest, TheTableHasEachCodeAndName) {
  EXPECT_THROW(said("no such code"), std::logic_error);
  EXPECT_THROW(said("beat", {{"who", Side::left}}), std::logic_error);
}

}  // namespace
}  // namespace piste::types
