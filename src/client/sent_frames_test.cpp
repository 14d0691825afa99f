#include "client/sent_frames.h"

#include <gtest/gtest.h>

#include <memory>

#include "client/backoff.h"
#include "support/temp_dir.h"

namespace piste::client {
namespace {

types::EncodedFrame frame(std::int64_t number) {
  types::EncodedFrame made;
  made.number = number;
  made.bytes = std::make_shared<const types::Bytes>(types::Bytes{1, 2, 3});
  return made;
}

std::vector<std::int64_t> numbers_again(SentFrames& frames) {
  std::vector<std::int64_t> numbers;
  while (const auto next = frames.take()) {
    numbers.push_back(next->number);
    frames.sent(*next);
  }
  return numbers;
}

TEST(SentFrames, WhatTheServerDoesNotHaveIsSentAgainInOrder) {
  SentFrames frames(1000, 0, ".");
  for (int i = 0; i < 10; ++i) frames.sent(frame(i));
  frames.acknowledged(0);
  frames.acknowledged(1);
  const auto arrived = frames.lost({{0, 3}, {6, 6}});
  EXPECT_EQ(arrived, (std::vector<std::int64_t>{2, 3, 6})) << "their answers were lost, they were not";
  EXPECT_EQ(frames.to_send_again(), 5u);
  EXPECT_EQ(numbers_again(frames), (std::vector<std::int64_t>{4, 5, 7, 8, 9}));
}

TEST(SentFrames, ALossWhileFramesAreSentAgainLosesNone) {
  SentFrames frames(1000, 0, ".");
  for (int i = 0; i < 4; ++i) frames.sent(frame(i));
  frames.lost({});
  const auto first = frames.take();
  frames.sent(*first);
  EXPECT_EQ(frames.lost({{0, 0}}), std::vector<std::int64_t>{0});
  EXPECT_EQ(numbers_again(frames), (std::vector<std::int64_t>{1, 2, 3}));
  for (int i = 1; i < 4; ++i) frames.acknowledged(i);
  EXPECT_TRUE(frames.lost({{0, 3}}).empty());
  EXPECT_EQ(frames.to_send_again(), 0u);
}

TEST(SentFrames, WhatWasRefusedForNowIsSentAgainInOrder) {
  SentFrames frames(1000, 0, ".");
  for (int i = 0; i < 4; ++i) frames.sent(frame(i));
  frames.acknowledged(0);
  EXPECT_TRUE(frames.refused(3));
  EXPECT_TRUE(frames.refused(1));
  EXPECT_FALSE(frames.refused(0)) << "the server has it";
  EXPECT_EQ(frames.to_send_again(), 2u);
  EXPECT_EQ(numbers_again(frames), (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(frames.lost({{0, 2}}), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(numbers_again(frames), std::vector<std::int64_t>{3});
}

TEST(SentFrames, AServerThatHasNothingGetsAllOfThemAsTheyWere) {
  const test::TempDir folder;
  SentFrames frames(7, 100, folder.path());  // two in memory, the others on disk
  for (int i = 0; i < 10; ++i) {
    types::EncodedFrame made = frame(i);
    made.bytes = std::make_shared<const types::Bytes>(3, static_cast<std::uint8_t>(i));
    made.timestamp = 100 + i;
    frames.sent(made);
  }
  for (int i = 0; i < 8; ++i) frames.acknowledged(i);
  frames.rejected(8);
  for (int round = 0; round < 2; ++round) {
    EXPECT_TRUE(frames.all_lost());
    for (const int i : {0, 1, 2, 3, 4, 5, 6, 7, 9}) {
      const auto next = frames.take();
      ASSERT_TRUE(next);
      EXPECT_EQ(next->number, i) << "what it did not want it need not get";
      EXPECT_EQ(next->timestamp, 100 + i);
      EXPECT_EQ(*next->bytes, types::Bytes(3, static_cast<std::uint8_t>(next->number)));
      frames.sent(*next);
      if (i < 5) frames.acknowledged(i);
    }
    EXPECT_FALSE(frames.take());
  }
}

TEST(SentFrames, WhatAServerHasLostOfTheAcknowledgedIsSentAgain) {
  SentFrames frames(1000, 0, ".");
  for (int i = 0; i < 6; ++i) frames.sent(frame(i));
  for (int i = 0; i < 5; ++i) frames.acknowledged(i);
  EXPECT_TRUE(frames.lost({{0, 2}}).empty());
  EXPECT_EQ(numbers_again(frames), (std::vector<std::int64_t>{3, 4, 5}));
}

TEST(SentFrames, SaysWhenNotAllCouldBeKept) {
  const test::TempDir folder;
  SentFrames frames(3, 3, folder.path());
  for (int i = 0; i < 3; ++i) frames.sent(frame(i));
  frames.acknowledged(0);
  frames.acknowledged(1);
  EXPECT_TRUE(frames.all_lost());
  EXPECT_EQ(numbers_again(frames), (std::vector<std::int64_t>{0, 1, 2}));
  frames.acknowledged(2);
  EXPECT_FALSE(frames.all_lost());
}

TEST(Backoff, GrowsToItsLimitAndIsNotTheSameForAll) {
  Backoff one(1);
  Backoff other(2);
  bool differs = false;
  auto most = Backoff::first;
  for (int i = 0; i < 20; ++i) {
    const auto delay = one.next();
    EXPECT_LE(delay, most);
    EXPECT_GE(delay, most / 2);
    differs = differs || delay != other.next();
    most = std::min(2 * most, Backoff::longest);
  }
  EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace piste::client
