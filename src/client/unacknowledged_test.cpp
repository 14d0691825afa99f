#include "client/unacknowledged.h"

#include <gtest/gtest.h>

#include <memory>

#include "client/backoff.h"

namespace piste::client {
namespace {

types::EncodedFrame frame(std::int64_t number) {
  types::EncodedFrame made;
  made.number = number;
  made.bytes = std::make_shared<const types::Bytes>(types::Bytes{1, 2, 3});
  return made;
}

std::vector<std::int64_t> numbers_again(Unacknowledged& frames) {
  std::vector<std::int64_t> numbers;
  while (const auto next = frames.take()) {
    numbers.push_back(next->number);
    frames.sent(*next);
  }
  return numbers;
}

TEST(Unacknowledged, WhatTheServerDoesNotHaveIsSentAgainInOrder) {
  Unacknowledged frames;
  for (int i = 0; i < 10; ++i) frames.sent(frame(i));
  frames.answered(0);
  frames.answered(1);
  const auto arrived = frames.lost({{0, 3}, {6, 6}});
  EXPECT_EQ(arrived, (std::vector<std::int64_t>{2, 3, 6})) << "their answers were lost, they were not";
  EXPECT_EQ(frames.to_send_again(), 5u);
  EXPECT_EQ(numbers_again(frames), (std::vector<std::int64_t>{4, 5, 7, 8, 9}));
}

TEST(Unacknowledged, ALossWhileFramesAreSentAgainLosesNone) {
  Unacknowledged frames;
  for (int i = 0; i < 4; ++i) frames.sent(frame(i));
  frames.lost({});
  const auto first = frames.take();
  frames.sent(*first);
  EXPECT_EQ(frames.lost({{0, 0}}), std::vector<std::int64_t>{0});
  EXPECT_EQ(numbers_again(frames), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_FALSE(frames.empty());
  for (int i = 1; i < 4; ++i) frames.answered(i);
  EXPECT_TRUE(frames.empty());
}

TEST(Unacknowledged, WhatWasRefusedForNowIsSentAgainInOrder) {
  Unacknowledged frames;
  for (int i = 0; i < 4; ++i) frames.sent(frame(i));
  frames.answered(0);
  EXPECT_TRUE(frames.refused(3));
  EXPECT_TRUE(frames.refused(1));
  EXPECT_FALSE(frames.refused(0)) << "the server has it";
  EXPECT_EQ(frames.to_send_again(), 2u);
  EXPECT_EQ(numbers_again(frames), (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(frames.lost({{0, 2}}), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(numbers_again(frames), std::vector<std::int64_t>{3});
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
