#include "client/numbered_events.h"

#include <gtest/gtest.h>

namespace piste::client {
namespace {

boxes::Event at(double time) {
  return {boxes::BladeContact{true}, {time, 0}};
}

TEST(NumberedEventsTest, AreKeptUntilTheyAreAcknowledgedAndAMinuteLonger) {
  NumberedEvents events;
  for (int i = 1; i <= 100; ++i) events.push(at(i));
  EXPECT_EQ(events.begin(), 1) << "nobody has them";
  EXPECT_EQ(events.end(), 101);
  events.acknowledge(51);
  EXPECT_EQ(events.begin(), 40) << "a minute before the newest";
  EXPECT_EQ(events.unacknowledged(), 50);
  EXPECT_DOUBLE_EQ(events[40].moment.at, 40);
  EXPECT_FALSE(events.all_acknowledged());
  events.acknowledge(101);
  events.acknowledge(7);  // an old answer
  EXPECT_TRUE(events.all_acknowledged());
  events.push(at(500));
  EXPECT_EQ(events.begin(), 101);
  EXPECT_FALSE(events.all_acknowledged());
}

TEST(NumberedEventsTest, AnAnswerBeyondTheEndIsNoMoreThanAll) {
  NumberedEvents events;
  events.push(at(1));
  events.acknowledge(1000);
  EXPECT_TRUE(events.all_acknowledged());
  events.push(at(2));
  EXPECT_FALSE(events.all_acknowledged());
}

}  // namespace
}  // namespace piste::client
