#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "boxes/test_box.h"

namespace piste::boxes {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint64_t epoch = 1715539200000;

std::string message(const std::string& type, const std::string& payload, const char* retain) {
  return R"({"topic":"openpiste/17/apparatus/)" + type + R"(","retain":)" + retain +
         R"(,"payload":{"protocol":"OPP2","version":"1.0",)" + payload + "}}\n";
}

std::string lights(std::uint64_t ts, bool red, bool green, const char* retain = "false",
                   bool left_white = false) {
  const auto flag = [](bool on) { return std::string(on ? "true" : "false"); };
  return message("lights",
                 R"("seq":42,"ts":)" + std::to_string(ts) + R"(,"right":{"green":)" + flag(green) +
                     R"(,"white":false},"left":{"red":)" + flag(red) + R"(,"white":)" + flag(left_white) +
                     "}",
                 retain);
}

std::string clock(std::uint64_t ts, bool running, int ms, const char* retain = "false") {
  return message("clock",
                 R"("ts":)" + std::to_string(ts) + R"(,"running":)" + (running ? "true" : "false") +
                     R"(,"time_ms":)" + std::to_string(ms) + R"(,"time":"x")",
                 retain);
}

Events decode(const std::string& messages, const Settings& settings = {}) {
  return test::decode(Protocol::opp2, text(messages), settings);
}

TEST(Opp2Test, TheBoxsOwnTimeIsTheHits) {
  const auto events = decode(
      clock(epoch, true, 90000) + lights(epoch + 500, false, false) + lights(epoch + 2345, true, false) +
      message("blade_contact", R"("ts":)" + std::to_string(epoch + 2300) + R"(,"active":true)", "false"));
  EXPECT_THAT(lines(events, "lamp"), ElementsAre(R"({"event":"lamp","side":"left","state":"valid"})"));
  EXPECT_NEAR(hits(events).at(0).moment.at, 2.345, 1e-6);
  EXPECT_NEAR(times(events, "blade_contact").at(0), 2.3, 1e-6);
  EXPECT_NEAR(hits(events)[0].moment.error, 0.01, 1e-9);
  EXPECT_THAT(lines(events, "clock"), ElementsAre(R"({"event":"clock","running":true,"seconds":90})"));
}

TEST(Opp2Test, WhatTheBrokerRemembersIsNoHit) {
  // Lit ten minutes ago, and all that the broker remembers with it.
  const std::string memory = lights(epoch - 600000, true, true, "true") +
                             clock(epoch - 600000, false, 60000, "true") +
                             message("state", R"("seq":3,"state":"H")", "true");
  EXPECT_THAT(hits(decode(memory + clock(epoch, true, 60000))), IsEmpty());
  EXPECT_THAT(hits(decode(memory + lights(epoch, false, false) + lights(epoch + 100, true, false))),
              SizeIs(1));
  // A second ago: the flag of what comes after tells.
  EXPECT_THAT(hits(decode(lights(epoch - 1000, true, false, "true") + lights(epoch, false, false))),
              IsEmpty());
  // And again the same.
  EXPECT_THAT(hits(decode(memory + clock(epoch, true, 60000) + lights(epoch - 600000, true, true, "true"))),
              IsEmpty());
}

TEST(Opp2Test, ARecordingOfAllThatWasPublishedKeepsItsFirstHit) {
  EXPECT_THAT(
      hits(decode(lights(epoch, true, false, "true") + clock(epoch, false, 60000, "true") +
                  clock(epoch + 1000, false, 60000, "true") + lights(epoch + 3000, false, false, "true"))),
      SizeIs(1));
  EXPECT_THAT(hits(decode(lights(epoch, true, false, "true"))), SizeIs(1));
}

TEST(Opp2Test, ABoxWithoutTheTimeOfDayCountsFromItsStart) {
  constexpr std::uint64_t since_start = std::uint64_t{1} << 56;
  const auto events =
      decode(lights(since_start + 60000, false, false) + lights(since_start + 62500, false, true) +
             lights(since_start + 20, false, false) + lights(since_start + 1020, true, false) +
             lights(epoch, false, false) + lights(epoch + 40, false, true));
  ASSERT_THAT(hits(events), SizeIs(3));
  EXPECT_NEAR(hits(events)[0].moment.at, 2.5, 1e-6);
  EXPECT_NEAR(hits(events)[1].moment.at, 2.5 + 1, 1e-6);     // restarted: its time goes on from there
  EXPECT_NEAR(hits(events)[2].moment.at, 3.5 + 0.04, 1e-6);  // now it knows the time of day
}

// By its numbers, however short it had been on.
TEST(Opp2Test, ABoxThatCountsAnewHasBegunAgain) {
  const auto lamp = [](int seq, int ms, bool red) {
    const auto ts = std::to_string((std::uint64_t{1} << 56) + static_cast<std::uint64_t>(ms));
    return message("lights",
                   R"("seq":)" + std::to_string(seq) + R"(,"ts":)" + ts +
                       R"(,"right":{"green":false,"white":false},"left":{"red":)" + (red ? "true" : "false") +
                       R"(,"white":false})",
                   "false");
  };
  const auto events =
      decode(lamp(1, 500, false) + lamp(2, 4500, true) + lamp(1, 300, false) + lamp(2, 1300, true));
  ASSERT_THAT(hits(events), SizeIs(2));
  EXPECT_NEAR(hits(events)[0].moment.at, 4, 1e-6);
  EXPECT_NEAR(hits(events)[1].moment.at, 5, 1e-6);
}

// Else a time could be told that no reader takes.
TEST(Opp2Test, AClockThatLeapsIsTakenForSet) {
  constexpr std::uint64_t absurd = (std::uint64_t{1} << 56) - 1;
  constexpr std::uint64_t since_start = std::uint64_t{1} << 56;
  const auto events =
      decode(lights(epoch, false, false) + lights(epoch + 2000, true, false) + lights(absurd, false, false) +
             lights(since_start + 20, false, false) + lights(since_start + absurd, false, false) +
             lights(epoch, false, false) + lights(epoch + 500, false, true));
  ASSERT_THAT(hits(events), SizeIs(2));
  EXPECT_NEAR(hits(events)[0].moment.at, 2, 1e-6);
  EXPECT_NEAR(hits(events)[1].moment.at, 2.5, 1e-6);
}

TEST(Opp2Test, LiveTheLeastDelayedMessageTellsTheOffset) {
  const auto decoder = make_decoder(Protocol::opp2, {});
  Events events;
  const double delays[] = {0.08, 0.005, 0.2};
  for (int i = 0; i < 3; ++i)
    decoder->take(text(lights(epoch + 1000 * static_cast<unsigned>(i), i == 2, false)), 50 + i + delays[i],
                  events);
  EXPECT_NEAR(hits(events).at(0).moment.at, 52.005, 1e-6);
}

TEST(Opp2Test, BothInOneMessageHaveNoOrder) {
  const auto events = decode(lights(epoch, false, false) + lights(epoch + 100, true, true));
  EXPECT_TRUE(std::get<Lamp>(hits(events).at(0).what).order_unknown);
}

TEST(Opp2Test, ScoreMatchFencersAndState) {
  const auto events = decode(
      message(
          "score",
          R"("seq":1,"right":{"score":8,"status":"V","yellow_card":true,"red_cards":1,"black_card":false},)"
          R"("left":{"score":6,"status":"D","yellow_card":false,"red_cards":0,"black_card":false},"priority":"L")",
          "true") +
      R"({"topic":"openpiste/17/software/fencers","payload":{"protocol":"OPP2","left":{"fencer":{"id":"32","name":"B. Panini","nation":"ITA"}}}})"
      "\n"
      R"({"topic":"openpiste/17/software/match","payload":{"protocol":"OPP2","weapon":"E","round":2,"match":12}})"
      "\n" +
      message("state", R"("seq":44,"state":"F")", "true"));
  EXPECT_THAT(lines(events, "score"), ElementsAre(R"({"event":"score","left":6,"right":8})"));
  EXPECT_THAT(lines(events, "card"),
              ElementsAre(R"({"event":"card","side":"right","card":"yellow","count":1})",
                          R"({"event":"card","side":"right","card":"red","count":1})"));
  EXPECT_THAT(lines(events, "priority"), ElementsAre(R"({"event":"priority","side":"left"})"));
  EXPECT_THAT(lines(events, "match"),
              ElementsAre(R"({"event":"match","left_status":"D","right_status":"V"})",
                          R"({"event":"match","left_id":"32","left_name":"B. Panini","left_nation":"ITA"})",
                          R"({"event":"match","match":"12","period":2,"weapon":"epee"})",
                          R"({"event":"match","state":"fencing"})"));
}

TEST(Opp2Test, TheBrokerSaysWhenTheBoxIsGone) {
  const auto events = decode(lights(epoch, false, false) +
                             R"({"topic":"openpiste/17/apparatus/connection","payload":{"online":false}})"
                             "\n" +
                             lights(epoch + 100, false, false));
  EXPECT_THAT(lines(events, "link"),
              ElementsAre(R"({"event":"link","on":true})",
                          R"({"event":"link","on":false,"note":"the broker says that the box is gone"})",
                          R"({"event":"link","on":true})"));
}

TEST(Opp2Test, MosquittosOwnLinesAreReadToo) {
  const auto events = decode(
      R"(openpiste/17/apparatus/lights {"protocol":"OPP2","ts":1715539200000,"right":{"green":false},"left":{"red":false}})"
      "\n"
      R"(1.5 openpiste/17/apparatus/lights {"protocol":"OPP2","ts":1715539200100,"right":{"green":true},"left":{"red":false}})"
      "\n");
  EXPECT_THAT(lines(events, "lamp"), ElementsAre(R"({"event":"lamp","side":"right","state":"valid"})"));
}

TEST(Opp2Test, WhatIsNoMessageIsSteppedOver) {
  const auto decoder = make_decoder(Protocol::opp2, {});
  Events events;
  decoder->take(
      text("{\n[]\n\"x\"\nopenpiste/17/apparatus/lights\nopenpiste/17/apparatus/lights {}\nother/topic {}\n"
           R"({"topic":"openpiste/17/apparatus/lights","payload":"{"})"
           "\n"
           R"({"topic":"openpiste/17/apparatus/lights","payload":{"protocol":"OPP3","ts":1}})"
           "\n"),
      std::nullopt, events);
  EXPECT_THAT(events, IsEmpty());
  EXPECT_EQ(decoder->tally().messages, 0U);
}

TEST(Opp2Test, OtherPistesAreLeftOut) {
  std::string other = lights(epoch + 10, true, true);
  other.replace(other.find("/17/"), 4, "/18/");
  EXPECT_THAT(hits(decode(lights(epoch, false, false) + other)), IsEmpty());
  EXPECT_THAT(hits(decode(lights(epoch, false, false) + other, {.piste = "18"})), SizeIs(2));
}

TEST(Opp2Test, ThePublishedMessages) {
  const std::filesystem::path path =
      std::filesystem::path(PISTE_SOURCE_DIR) / "../shared/data/boxes/opp2.jsonl";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  std::ifstream file(path);
  const auto events = decode(std::string(std::istreambuf_iterator<char>(file), {}));
  ASSERT_THAT(hits(events), SizeIs(2));
  EXPECT_EQ(std::get<Lamp>(hits(events)[0].what).state, LampState::valid);
  EXPECT_EQ(std::get<Lamp>(hits(events)[1].what).state, LampState::off_target);
  EXPECT_THAT(lines(events, "clock"), ElementsAre(R"({"event":"clock","running":true,"seconds":89.25})"));
  EXPECT_NEAR(times(events, "blade_contact").at(0), -0.034, 1e-6);
  EXPECT_THAT(lines(events, "link"), SizeIs(2));
}

TEST(Opp2Test, DamageMakesNoHit) {
  std::string sent;
  for (unsigned hit = 0; hit < 60; ++hit) {
    sent += lights(epoch + 10000 * hit, false, false);
    for (unsigned second = 0; second < 4; ++second)
      sent += clock(epoch + 10000 * hit + 1000 * second, true, 60000);
    sent += lights(epoch + 10000 * hit + 4500, hit % 2 == 0, hit % 2 == 1);
  }
  const Events clean = decode(sent);
  ASSERT_THAT(hits(clean), SizeIs(60));
  for (unsigned seed = 0; seed < 40; ++seed) {
    const Events heard = test::decode(Protocol::opp2, damaged(text(sent), 0.005, seed));
    // A digit of ts may be damaged, which no sum guards; a lamp may not.
    EXPECT_LE(hits(heard).size(), hits(clean).size()) << seed;
    EXPECT_EQ(false_hits(heard, clean, 1e12), 0U) << seed;
  }
}

}  // namespace
}  // namespace piste::boxes
