#include "session/box_tellers.h"

#include <gmock/gmock.h>

#include <vector>

namespace piste::session {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class BoxTellersTest : public testing::Test {
 protected:
  BoxTellersTest() {
    listening = pistes.listen("A", [this](const boxes::Event& event) { heard.push_back(event.moment.at); });
  }
  // Events whose times are their numbers.
  static protocol::BoxEvents numbered(std::int64_t first, std::int64_t last) {
    protocol::BoxEvents told{"A", first, {}};
    for (auto n = first; n <= last; ++n)
      told.events.push_back({boxes::BladeContact{true}, {static_cast<double>(n), 0}});
    return told;
  }
  std::int64_t open(const void* connection, const std::string& source = "laptop",
                    const std::string& owner = "") {
    return tellers.open({"A", source, "favero"}, owner, connection, now).value();
  }

  Pistes pistes;
  BoxTellers tellers{pistes};
  std::vector<double> heard;
  Pistes::Subscription listening;
  BoxTellers::TimePoint now{std::chrono::hours(1)};
  int first_line = 0, second_line = 0;  // connections
};

TEST_F(BoxTellersTest, EachEventCountsOnceHoweverOftenItIsSent) {
  EXPECT_EQ(open(&first_line), 0);
  EXPECT_EQ(*tellers.tell(numbered(1, 3), &first_line, now), 4);
  tellers.close(&first_line, now);
  EXPECT_EQ(open(&second_line), 4) << "it says where to go on";
  EXPECT_EQ(*tellers.tell(numbered(2, 5), &second_line, now), 6);
  EXPECT_THAT(heard, ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(BoxTellersTest, AProgramThatStartedAnewCountsAnew) {
  open(&first_line);
  ASSERT_TRUE(tellers.tell(numbered(1, 3), &first_line, now));
  EXPECT_EQ(open(&second_line, "laptop again"), 0);
  EXPECT_EQ(*tellers.tell(numbered(1, 1), &second_line, now), 2);
  EXPECT_THAT(heard, ElementsAre(1, 2, 3, 1));
}

TEST_F(BoxTellersTest, WhoCameLastTells) {
  open(&first_line);
  open(&second_line, "another");
  const auto refused = tellers.tell(numbered(1, 1), &first_line, now);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("Another program tells of the box of piste A"));
  EXPECT_TRUE(tellers.tell(numbered(1, 1), &second_line, now));
  EXPECT_FALSE(tellers.tell({"B", 1, {}}, &second_line, now)) << "without box_open";
}

TEST_F(BoxTellersTest, APisteIsItsOwnersUntilHeHasBeenAwayForLong) {
  open(&first_line, "laptop", "club");
  const protocol::BoxOpen thief{"A", "thief", "favero"};
  EXPECT_FALSE(tellers.open(thief, "others", &second_line, now));
  now += BoxTellers::claim;
  EXPECT_FALSE(tellers.open(thief, "others", &second_line, now)) << "its box is silent, and he is there";
  tellers.close(&first_line, now);
  now += BoxTellers::claim - std::chrono::seconds(1);
  EXPECT_FALSE(tellers.open(thief, "others", &second_line, now));
  now += std::chrono::seconds(1);
  EXPECT_TRUE(tellers.open(thief, "others", &second_line, now));
}

TEST_F(BoxTellersTest, WhatTheServiceHearsItselfIsNobodyElses) {
  tellers.hear("A", "fpa", now);
  EXPECT_FALSE(tellers.open({"A", "laptop", "favero"}, "", &first_line, now));
  tellers.tell("A", {boxes::Link{true, ""}, {7, 0}}, now);
  tellers.tell("unknown", {boxes::Link{true, ""}, {8, 0}}, now);
  EXPECT_THAT(heard, ElementsAre(7));
  EXPECT_EQ(tellers.json(now + std::chrono::seconds(2)),
            R"({"A":{"protocol":"fpa","told_by":"service","link":true,"events":1,"idle_seconds":2}})");
  tellers.leave("A");
  EXPECT_TRUE(tellers.open({"A", "laptop", "favero"}, "", &first_line, now));
}

TEST_F(BoxTellersTest, TheStateOfTheLinkIsShown) {
  EXPECT_EQ(tellers.json(now), "");
  open(&first_line);
  ASSERT_TRUE(tellers.tell({"A", 1, {{boxes::Link{false, "silent for 2.0 s"}, {1, 0}}}}, &first_line, now));
  tellers.close(&first_line, now);
  EXPECT_EQ(tellers.json(now),
            R"({"A":{"protocol":"favero","told_by":"program","connected":false,"link":false,)"
            R"("note":"silent for 2.0 s","events":1,"idle_seconds":0}})");
}

TEST_F(BoxTellersTest, ATimeFarAheadDoesNotMakeAllElseOld) {
  open(&first_line);
  ASSERT_TRUE(tellers.tell({"A", 1, {{boxes::BladeContact{true}, {1e9, 0}}}}, &first_line, now));
  EXPECT_LT(heard.at(0), 3600 + 11);
}

TEST_F(BoxTellersTest, ThereAreNotAnyNumberOfPistes) {
  for (std::size_t i = 0; i < Pistes::most_pistes; ++i)
    ASSERT_TRUE(tellers.open({"p" + std::to_string(i), "s", "favero"}, "", &first_line, now));
  EXPECT_FALSE(tellers.open({"one more", "s", "favero"}, "", &second_line, now));
  tellers.close(&first_line, now);
  now += BoxTellers::claim;
  EXPECT_TRUE(tellers.open({"one more", "s", "favero"}, "", &second_line, now));
}

}  // namespace
}  // namespace piste::session
