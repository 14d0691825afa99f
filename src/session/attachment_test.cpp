#include "session/attachment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace piste::session {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A connection that writes down what it is told.
struct Connection {
  std::vector<std::string> told;
  int close_code = 0;
  std::shared_ptr<Channel> channel =
      std::make_shared<Channel>(Outbox{[this](std::string text, bool) { told.push_back(std::move(text)); },
                                       [this](int code, const std::string&) { close_code = code; }});
};

class AttachmentTest : public testing::Test {
 protected:
  void attach(const Connection& connection, const std::string& greeting) {
    const auto turn = attachment.turn();
    attachment.attach(connection.channel, greeting);
  }

  Connection first;
  Connection second;
  Attachment attachment{first.channel};
};

TEST_F(AttachmentTest, SendsToTheConnectionThereIs) {
  attachment.send("one");
  attach(second, "hello");
  attachment.send("two");
  EXPECT_THAT(first.told, ElementsAre("one"));
  EXPECT_THAT(second.told, ElementsAre("hello", "two"));
}

TEST_F(AttachmentTest, OnlyTheNewestSpeaks) {
  EXPECT_TRUE(attachment.turn(*first.channel));
  attach(second, "hello");
  EXPECT_FALSE(attachment.turn(*first.channel));
  EXPECT_TRUE(attachment.turn(*second.channel));
}

TEST_F(AttachmentTest, TheOneBeforeIsClosedAndHearsNothingMore) {
  attach(second, "hello");
  EXPECT_EQ(first.close_code, 4001);
  first.channel->send("late");
  EXPECT_THAT(first.told, IsEmpty());
  EXPECT_EQ(second.close_code, 0);
}

TEST_F(AttachmentTest, WhatIsRememberedIsToldToEachThatComes) {
  attachment.remember("decision");
  attach(second, "hello");
  EXPECT_THAT(first.told, ElementsAre("decision"));
  EXPECT_THAT(second.told, ElementsAre("hello", "decision"));
}

TEST_F(AttachmentTest, WithoutAConnectionWhatIsSaidIsLostAndWhatIsRememberedIsNot) {
  {
    const auto turn = attachment.turn(*first.channel);
    attachment.detach();
    EXPECT_FALSE(attachment.attached());
  }
  EXPECT_FALSE(attachment.turn(*first.channel));
  attachment.send("lost");
  attachment.remember("decision");
  attachment.close(1001, "nobody");
  attach(second, "hello");
  EXPECT_THAT(first.told, IsEmpty());
  EXPECT_THAT(second.told, ElementsAre("hello", "decision"));
}

TEST_F(AttachmentTest, AMessageInWorkIsHandledBeforeTheNextConnectionSpeaks) {
  auto turn = attachment.turn(*first.channel);
  std::thread next([&] { attach(second, "hello"); });
  attachment.send("still the first one's");
  turn.unlock();
  next.join();
  EXPECT_THAT(first.told, ElementsAre("still the first one's"));
  EXPECT_THAT(second.told, ElementsAre("hello"));
}

}  // namespace
}  // namespace piste::session
