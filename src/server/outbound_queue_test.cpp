#include "server/outbound_queue.h"

#include <gtest/gtest.h>

#include <utility>

namespace piste::server {
namespace {

using Push = OutboundQueue::Push;

OutboundQueue::Text text(std::string content) {
  return std::make_shared<const std::string>(std::move(content));
}

TEST(OutboundQueue, KeepsTheOrder) {
  OutboundQueue queue(10'000);
  EXPECT_EQ(queue.push(text("ack 1"), false), Push::queued);
  EXPECT_EQ(queue.push(text("progress"), true), Push::queued);
  EXPECT_EQ(queue.push(text("ack 2"), false), Push::queued);
  EXPECT_EQ(*queue.pop(), "ack 1");
  EXPECT_EQ(*queue.pop(), "progress");
  EXPECT_EQ(*queue.pop(), "ack 2");
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(OutboundQueue, LeavesProgressOutWhenThePeerIsBehind) {
  OutboundQueue queue(4'000);
  EXPECT_EQ(queue.push(text(std::string(1'000, 'a')), false), Push::queued);
  EXPECT_EQ(queue.push(text("progress"), true), Push::dropped);
  EXPECT_EQ(queue.push(text("verdict"), false), Push::queued);
  queue.pop();
  EXPECT_EQ(queue.push(text("progress"), true), Push::queued);
}

TEST(OutboundQueue, NeverDropsAVerdictOrAnAck) {
  OutboundQueue queue(2'000);
  EXPECT_EQ(queue.push(text("progress"), true), Push::queued);
  int queued = 0;
  while (queue.push(text(std::string(100, 'a')), false) == Push::queued) ASSERT_LT(++queued, 100);
  EXPECT_GE(queued, 12);
  EXPECT_EQ(queue.push(text("verdict"), false), Push::overflow);
  for (int i = 0; i < queued; ++i) EXPECT_EQ(*queue.pop(), std::string(100, 'a'));  // the progress made room
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(OutboundQueue, TakesOneMessageLargerThanTheLimit) {
  OutboundQueue queue(1'000);
  EXPECT_EQ(queue.push(text(std::string(50'000, 'r')), false), Push::queued);
  EXPECT_EQ(queue.push(text("more"), false), Push::overflow);
  EXPECT_EQ(queue.pop()->size(), 50'000u);
  EXPECT_EQ(queue.push(text("more"), false), Push::queued);
}

TEST(OutboundQueue, IsBoundedForEmptyMessagesToo) {
  OutboundQueue queue(1'000);
  int queued = 0;
  while (queue.push(text(""), false) == Push::queued) ASSERT_LT(++queued, 1'000);
  EXPECT_GT(queued, 0);
}

TEST(OutboundQueue, WhatManyAreToldIsThereOnce) {
  OutboundQueue one(1'000), other(1'000);
  const auto told = text("a verdict");
  one.push(told, false);
  other.push(told, false);
  EXPECT_EQ(one.pop().get(), other.pop().get());
}

}  // namespace
}  // namespace piste::server
