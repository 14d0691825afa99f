#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "boxes/test_box.h"

namespace piste::boxes {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

Events decode(const std::string& messages, const Settings& settings = {}) {
  return test::decode(Protocol::cyrano, text(messages), settings);
}

// An INFO of piste 17: right fencer's and left fencer's lamps.
std::string info(const std::string& stopwatch, char state, const std::string& right,
                 const std::string& left) {
  return "|EFP1.1|INFO|17|efj-eq|1|A32|12|2|10:30|" + stopwatch + "|I|S|N|" + state +
         "|132|J.Smith|GBR|%|28|P.Martin|FRA|8|U|0|1|" + right + "|0|N|0|%|32|B. Panini|ITA|6|U|0|0|" + left +
         "|0|N|0|%|\n";
}

TEST(CyranoTest, AnInfoTellsEverything) {
  const auto events = decode(
      "|EFP1.1|INFO|17|efj-eq|1|A32|12|2|10:30|2:41|I|S|R|F|132|J.Smith|GBR|%|28|P.Martin|FRA|8|V|0|1|1|0|0|"
      "N|2|%|"
      "32|B. Panini|ITA|6|D|1|0|0|1|0|N|%|\n");
  EXPECT_THAT(lines(events, "score"), ElementsAre(R"({"event":"score","left":6,"right":8})"));
  EXPECT_THAT(lines(events, "clock"), ElementsAre(R"({"event":"clock","running":true,"seconds":161})"));
  EXPECT_THAT(lines(events, "priority"), ElementsAre(R"({"event":"priority","side":"right"})"));
  EXPECT_THAT(lines(events, "card"),
              ElementsAre(R"({"event":"card","side":"left","card":"yellow","count":1})",
                          R"({"event":"card","side":"right","card":"red","count":1})",
                          R"({"event":"card","side":"right","card":"p_red","count":1})"));
  ASSERT_THAT(hits(events), SizeIs(2));
  EXPECT_TRUE(std::get<Lamp>(hits(events)[0].what).order_unknown);
  EXPECT_THAT(
      lines(events, "match"),
      ElementsAre(R"({"event":"match","competition":"efj-eq","left_id":"32","left_name":"B. Panini",)"
                  R"("left_nation":"ITA","left_status":"D","match":"12","period":2,"phase":"1","piste":"17",)"
                  R"("poule":"A32","referee_name":"J.Smith","right_id":"28","right_name":"P.Martin",)"
                  R"("right_nation":"FRA","right_status":"V","state":"fencing","weapon":"sabre"})"));
}

TEST(CyranoTest, EmptyLeadingFieldsKeepTheirPlaces) {
  const auto events = decode("|EFP1.1|INFO||||||||3:00||||W|%||||0|U|0|1|1|0|0|N|%||||0|U|0|1|0|0|0|N|%|");
  EXPECT_THAT(lines(events, "score"), ElementsAre(R"({"event":"score","left":0,"right":0})"));
  ASSERT_THAT(hits(events), SizeIs(1));
  EXPECT_EQ(std::get<Lamp>(hits(events)[0].what).side, Side::right);
  EXPECT_THAT(lines(events, "clock"), ElementsAre(R"({"event":"clock","running":false,"seconds":180})"));
}

TEST(CyranoTest, WhatIsMissingIsUnchanged) {
  const auto events = decode(info("2:30", 'F', "1|0", "0|0") + "|EFP1.1|INFO||||||||||||H|%|\n" +
                             "|EFP1.1|INFO|17|%||||9|%|\n" + "|EFP1.1|INFO|17|%||||||||||||\n" +
                             "|EFP1.1|INFO|17|%||||||||0|0|%|\n");
  EXPECT_THAT(
      lines(events, "lamp"),
      ElementsAre(R"({"event":"lamp","side":"right","state":"valid","note":"lit before the box was heard"})",
                  R"({"event":"lamp","side":"right","state":"off"})"));
  EXPECT_THAT(lines(events, "score"), ElementsAre(R"({"event":"score","left":6,"right":8})",
                                                  R"({"event":"score","left":6,"right":9})"));
  EXPECT_THAT(lines(events, "clock"), ElementsAre(R"({"event":"clock","running":true,"seconds":150})",
                                                  R"({"event":"clock","running":false,"seconds":150})"));
}

TEST(CyranoTest, AFieldThatWasCutIsNotTold) {
  const auto events = decode("|EFP1.1|INFO|17|%|28|P.Martin|FRA|8|U|0|0|1|0|0|N|%|32|B. Pan");
  ASSERT_THAT(lines(events, "match"), SizeIs(1));
  EXPECT_THAT(lines(events, "match")[0], Not(HasSubstr("Pan")));
  EXPECT_THAT(lines(events, "match")[0], HasSubstr(R"("left_id":"32")"));
  EXPECT_THAT(lines(decode("|EFP1.1|INFO|17|%|28|||1"), "score"), IsEmpty()) << "of 15, perhaps";
  EXPECT_THAT(lines(decode("|EFP1.1|INFO|17|%|28|||1|%"), "score"), SizeIs(1))
      << "the last bar may be missing";
}

TEST(CyranoTest, OneLampIsToldWithoutTheOther) {
  // Only the white lamp's field is there: the valid one is as it was.
  const auto events = decode(info("2:30", 'F', "0|0", "0|0") + "|EFP1.1|INFO|17|%|||||||||1|%|\n" +
                             "|EFP1.1|INFO|17|%||||||||1||%|\n");
  EXPECT_THAT(lines(events, "lamp"), ElementsAre(R"({"event":"lamp","side":"right","state":"off_target"})",
                                                 R"({"event":"lamp","side":"right","state":"valid"})"));
}

TEST(CyranoTest, TwoInfosHaveAnOrderOneHasNone) {
  const auto one_by_one = decode(info("2:30", 'F', "0|0", "0|0") + info("2:30", 'F', "1|0", "0|0") +
                                 info("2:30", 'H', "1|0", "1|0"));
  ASSERT_THAT(hits(one_by_one), SizeIs(2));
  EXPECT_FALSE(std::get<Lamp>(hits(one_by_one)[1].what).order_unknown);
  const auto together = decode(info("2:30", 'F', "0|0", "0|0") + info("2:30", 'H', "1|0", "1|0"));
  EXPECT_TRUE(std::get<Lamp>(hits(together).at(1).what).order_unknown);
}

TEST(CyranoTest, ForeignFramesAreIgnored) {
  EXPECT_THAT(decode("ENG1|INFO|17|%|1|%|1|%|\n|EFP2|INFO|17|\nEFP1.1|INFO\n|EFP9|INFO|\n"), IsEmpty());
  const auto decoder = make_decoder(Protocol::cyrano, {});
  Events events;
  decoder->take(text("|EFP1.1|HELLO|17|fm-eq|%|\n|EFP1|NEXT|17|%|\n"), std::nullopt, events);
  EXPECT_EQ(decoder->tally().messages, 2U);
  EXPECT_THAT(events, IsEmpty());
}

TEST(CyranoTest, EFP1HasNoPCard) {
  EXPECT_THAT(hits(decode("|EFP1|INFO|17|%|28|||8|U|0|1|1|0|0|N|%|32|||6|U|0|0|0|0|0|N|%|")), SizeIs(1));
}

TEST(CyranoTest, WhatIsNoSuchFieldDropsTheMessage) {
  EXPECT_THAT(decode("|EFP1.1|INFO|17|%|28|||8|U|0|1|2|0|0|N|%|"), IsEmpty());        // light 2
  EXPECT_THAT(decode("|EFP1.1|INFO|17|%|28||8|U|0|1|1|0|0|N|%|"), IsEmpty());         // a bar is missing
  EXPECT_THAT(decode("|EFP1.1|INFO|17|%|28|||8|U|0|1|1|0|0|N|0|0|0|%|"), IsEmpty());  // too many
  EXPECT_THAT(decode("|EFP1.1|INFO|17|||||||x:00|%|"), IsEmpty());
}

TEST(CyranoTest, AStopwatchBelowTenSecondsHasNoMinutes) {
  EXPECT_THAT(lines(decode(info("9.35", 'H', "0|0", "0|0")), "clock"),
              ElementsAre(R"({"event":"clock","running":false,"seconds":9.35})"));
  EXPECT_THAT(lines(decode(info("0:09.35", 'H', "0|0", "0|0")), "clock"),
              ElementsAre(R"({"event":"clock","running":false,"seconds":9.35})"));
}

TEST(CyranoTest, OtherPistesAreLeftOut) {
  std::string other = info("1:00", 'F', "1|0", "1|0");
  other.replace(other.find("|17|"), 4, "|18|");
  const std::string both = info("2:30", 'F', "0|0", "0|0") + other + info("2:29", 'F', "0|0", "0|0");
  EXPECT_THAT(hits(decode(both)), IsEmpty());
  EXPECT_THAT(hits(decode(both, {.piste = "18"})), SizeIs(2));
}

TEST(CyranoTest, ARecordingIsTimedByTheRunningClock) {
  const auto events = decode(info("2:30", 'F', "0|0", "0|0") + info("2:29", 'F', "0|0", "0|0") +
                             info("2:28", 'F', "0|0", "0|0") + info("2:28", 'H', "1|0", "0|0"));
  EXPECT_NEAR(hits(events).at(0).moment.at, 2, 1e-9);
  EXPECT_NEAR(hits(events).at(0).moment.error, 1, 1e-9);
  const auto noted =
      decode("10.000 " + info("2:30", 'F', "0|0", "0|0") + "12.500 " + info("2:28", 'H', "1|0", "0|0"));
  EXPECT_NEAR(hits(noted).at(0).moment.at, 12.45, 1e-9);
  EXPECT_NEAR(hits(noted).at(0).moment.error, 0.05, 1e-9);
}

TEST(CyranoTest, MessagesWithoutLineEndsFollowOneAnother) {
  std::string all = info("2:30", 'F', "0|0", "0|0") + info("2:29", 'H', "0|0", "1|0");
  std::erase(all, '\n');
  EXPECT_THAT(lines(decode(all), "lamp"), ElementsAre(R"({"event":"lamp","side":"left","state":"valid"})"));
}

TEST(CyranoTest, TheLinkIsDownAfterFortySeconds) {
  const auto decoder = make_decoder(Protocol::cyrano, {});
  Events events;
  decoder->take(text(info("2:30", 'F', "0|0", "0|0")), 100, events);
  decoder->quiet(139, events);
  EXPECT_THAT(lines(events, "link"), SizeIs(1));
  decoder->quiet(141, events);
  EXPECT_THAT(lines(events, "link"), SizeIs(2));
}

TEST(CyranoTest, DamageMakesNoHit) {
  std::string sent;
  for (int hit = 0; hit < 50; ++hit) {
    for (int second = 59; second > 54; --second)
      sent += info("2:" + std::to_string(second), 'F', "0|0", "0|0");
    for (int again = 0; again < 3; ++again)
      sent += info("2:54", 'H', hit % 2 ? "1|0" : "0|0", hit % 2 ? "0|0" : "0|1");
  }
  const Events clean = decode(sent);
  ASSERT_THAT(hits(clean), SizeIs(50));
  // Many messages are lost, and with them the time of a recording: hits are told apart by side and state.
  for (unsigned seed = 0; seed < 40; ++seed) {
    const auto heard = test::decode(Protocol::cyrano, damaged(text(sent), 0.005, seed));
    EXPECT_EQ(false_hits(heard, clean, 1e12), 0U) << seed;
    EXPECT_LE(hits(heard).size(), hits(clean).size()) << seed;
  }
}

TEST(CyranoTest, TheDocumentsExamples) {
  const std::filesystem::path path =
      std::filesystem::path(PISTE_SOURCE_DIR) / "../shared/data/boxes/efp11.json";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  std::ifstream file(path);
  const auto rows = boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {})).as_array();
  for (const auto& row : rows) {
    const auto& expected = row.at("expect").as_object();
    const auto field = [&](const char* area, const char* name) {
      const auto* value = expected.at(area).as_object().if_contains(name);
      return value ? std::string(value->as_string()) : std::string();
    };
    const auto decoder = make_decoder(Protocol::cyrano, {});
    Events events;
    decoder->take(bytes(std::string(row.at("hex").as_string())), std::nullopt, events);
    decoder->finish(events);
    EXPECT_EQ(decoder->tally().messages, 1U) << row;
    std::string lit;
    for (const Event& event : hits(events)) lit += to_string(std::get<Lamp>(event.what).side);
    EXPECT_EQ(lit, std::string(field("left", "light") == "1" ? "left" : "") +
                       (field("right", "light") == "1" ? "right" : ""))
        << row;
    for (const Event& event : events) {
      if (const auto* score = std::get_if<Score>(&event.what)) {
        EXPECT_EQ(std::to_string(*score->points.left), field("left", "score"));
        EXPECT_EQ(std::to_string(*score->points.right), field("right", "score"));
      }
      if (const auto* match = std::get_if<Match>(&event.what)) {
        for (const auto& [key, name] : {std::pair("right_name", "name"), std::pair("right_nation", "nat")})
          EXPECT_EQ(match->fields.contains(key) ? match->fields.at(key) : "", field("right", name));
        EXPECT_EQ(match->fields.contains("piste") ? match->fields.at("piste") : "",
                  field("general", "piste"));
      }
    }
  }
}

}  // namespace
}  // namespace piste::boxes
