#include "session/pistes.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace piste::session {
namespace {

boxes::Event lamp(double at, types::Side side = types::Side::left) {
  return {boxes::Lamp{.side = side, .state = boxes::LampState::valid}, {at, .01}};
}

// What a listener has heard.
struct Heard {
  std::vector<boxes::Event> events;
  Pistes::Listener listener() {
    return [this](const boxes::Event& event) { events.push_back(event); };
  }
  std::vector<double> times() const {
    std::vector<double> out;
    for (const auto& event : events) out.push_back(event.moment.at);
    return out;
  }
};

TEST(PistesTest, WhoListensHearsThePisteAndNoOther) {
  Pistes pistes;
  Heard heard;
  const auto listening = pistes.listen("A", heard.listener());
  pistes.tell("A", lamp(10));
  pistes.tell("B", lamp(11));
  EXPECT_EQ(heard.times(), std::vector<double>({10}));
  EXPECT_DOUBLE_EQ(heard.events.at(0).moment.error, .01);
}

TEST(PistesTest, NothingIsHeardOnceTheSubscriptionIsGone) {
  Pistes pistes;
  Heard heard;
  {
    auto first = pistes.listen("A", heard.listener());
    auto moved = std::move(first);
    pistes.tell("A", lamp(10));
  }
  pistes.tell("A", lamp(11));
  EXPECT_EQ(heard.times(), std::vector<double>({10}));
}

TEST(PistesTest, ANewListenerHearsTheLastMinute) {
  Pistes pistes;
  for (const double at : {10.0, 60.0, 100.0}) pistes.tell("A", lamp(at));
  Heard heard;
  const auto listening = pistes.listen("A", heard.listener());
  EXPECT_EQ(heard.times(), std::vector<double>({60, 100}));
}

TEST(PistesTest, WhatStillHoldsIsHeardHoweverOldItIs) {
  Pistes pistes;
  pistes.tell("A", {boxes::Match{{{"left_name", "Anna"}, {"weapon", "foil"}}}, {1, 0}});
  pistes.tell("A", {boxes::Match{{{"left_name", "Berta"}}}, {2, 0}});
  pistes.tell("A", {boxes::Clock{true, 180}, {3, 0}});
  pistes.tell("A", {boxes::Clock{true, 179}, {4, 0}});
  pistes.tell("A", {boxes::Score{{3, 2}}, {5, 0}});
  pistes.tell("A", lamp(6));
  pistes.tell("A", lamp(500));
  Heard heard;
  const auto listening = pistes.listen("A", heard.listener());
  ASSERT_EQ(heard.events.size(), 4U);
  bool clock = false;
  bool score = false;
  bool match = false;
  for (const auto& event : heard.events) {
    if (const auto* told = std::get_if<boxes::Match>(&event.what)) {
      match = true;
      EXPECT_EQ(told->fields.at("left_name"), "Berta");
      EXPECT_EQ(told->fields.at("weapon"), "foil");
    }
    if (std::holds_alternative<boxes::Clock>(event.what)) {
      clock = true;
      EXPECT_EQ(event.moment.at, 3) << "since then it runs";
    }
    if (const auto* told = std::get_if<boxes::Score>(&event.what)) {
      score = true;
      EXPECT_EQ(told->points.left, 3);
    }
  }
  EXPECT_TRUE(clock && score && match);
}

TEST(PistesTest, HowMuchIsKeptIsBounded) {
  Pistes pistes;
  for (std::size_t i = 0; i < 3 * Pistes::most_events; ++i)
    pistes.tell("A", lamp(10 + static_cast<double>(i) * 1e-6));
  Heard heard;
  const auto listening = pistes.listen("A", heard.listener());
  EXPECT_EQ(heard.events.size(), Pistes::most_events);
}

TEST(PistesTest, ThePisteThatWasSilentForLongestMakesRoom) {
  Pistes pistes;
  Heard listened;
  const auto listening = pistes.listen("quiet", listened.listener());
  pistes.tell("old", lamp(1));
  for (std::size_t i = 0; i < Pistes::most_pistes; ++i) pistes.tell("p" + std::to_string(i), lamp(2));
  Heard old;
  const auto again = pistes.listen("old", old.listener());
  EXPECT_TRUE(old.events.empty());
  pistes.tell("quiet", lamp(3));
  EXPECT_EQ(listened.times(), std::vector<double>({3})) << "one that is listened to stays";
}

TEST(PistesTest, ManyMayTellAndListenAtOnce) {
  Pistes pistes;
  std::atomic<int> heard = 0;
  std::vector<std::thread> threads;
  const auto listening = pistes.listen("A", [&](const boxes::Event&) { ++heard; });
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&pistes] {
      for (int i = 0; i < 500; ++i) {
        pistes.tell("A", lamp(i));
        const auto other = pistes.listen("A", [](const boxes::Event&) {});
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(heard, 2000);
}

}  // namespace
}  // namespace piste::session
