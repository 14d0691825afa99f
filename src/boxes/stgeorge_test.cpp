#include <gmock/gmock.h>

#include "boxes/test_box.h"

namespace piste::boxes {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr double byte_time = 10 / 9600.0;

Bytes frame(const std::string& body) {
  return text("\x01\x13" + body + "\x04");
}

Bytes lamps(int red, int green, int left_white, int right_white) {
  return frame("LR" + std::to_string(red) + "G" + std::to_string(green) + "W" + std::to_string(left_white) +
               "w" + std::to_string(right_white));
}

Bytes state(const std::string& score, const std::string& right, const std::string& left, char priority) {
  return frame("ST\x02" + score + "\x02" + right + "\x02" + left + "\x02" + priority +
               "\x02"
               "00");
}

std::string two_digits(int number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

// S, T, R_F$, ST, P?
Bytes cycle(int seconds) {
  const std::string time = two_digits(seconds / 60) + ":" + two_digits(seconds % 60);
  return frame("S00:00") + frame("T" + time) +
         frame(
             "R_F$\x02\x10"
             "0000__:" +
             time + ".___") +
         state("000:000", "0000", "0000", '3') + bytes("01 12 50 3f 00 02 00 41 41 38 47 04");
}

Events decode(const Bytes& bytes) {
  return test::decode(Protocol::stgeorge, bytes);
}

TEST(StGeorgeTest, TheFirstLampsFrameIsAChange) {
  const auto events = decode(cycle(180) * 3 + bytes("01 13 4c 52 31 47 30 57 30 77 30 04"));
  EXPECT_THAT(lines(events, "lamp"), ElementsAre(R"({"event":"lamp","side":"left","state":"valid"})"));
  const double arrival = (static_cast<double>(cycle(180).size()) * 3 + 12) * byte_time;
  const Moment at = hits(events).at(0).moment;
  EXPECT_LE(at.at + at.error, arrival - 0.0125 + 1e-3);
  EXPECT_GE(at.at - at.error, arrival - 0.0125 - 0.031);
}

TEST(StGeorgeTest, WhitesAreTheOtherWayRoundThanInFpa) {
  EXPECT_THAT(lines(decode(lamps(0, 0, 1, 0)), "lamp"),
              ElementsAre(R"({"event":"lamp","side":"left","state":"off_target"})"));
  EXPECT_THAT(lines(decode(lamps(0, 0, 0, 1)), "lamp"),
              ElementsAre(R"({"event":"lamp","side":"right","state":"off_target"})"));
}

TEST(StGeorgeTest, ScoreCardsAndPriority) {
  const auto events = decode(cycle(180) + frame("S02:11") + state("002:011", "0302", "0100", '2'));
  EXPECT_EQ(lines(events, "score").back(), R"({"event":"score","left":11,"right":2})");
  EXPECT_THAT(lines(events, "card"),
              ElementsAre(R"({"event":"card","side":"left","card":"yellow","count":1})",
                          R"({"event":"card","side":"right","card":"yellow","count":1})",
                          R"({"event":"card","side":"right","card":"red","count":2})"));
  EXPECT_THAT(lines(events, "priority"), ElementsAre(R"({"event":"priority","side":"left"})"));
}

TEST(StGeorgeTest, WhetherTheClockRunsIsSeenFromItsTime) {
  const auto events = decode(cycle(180) * 6 + cycle(179) * 2 + cycle(178) * 2 + cycle(177) * 8);
  EXPECT_THAT(lines(events, "clock"), ElementsAre(R"({"event":"clock","seconds":180})",
                                                  R"({"event":"clock","running":false,"seconds":180})",
                                                  R"({"event":"clock","running":true,"seconds":179})",
                                                  R"({"event":"clock","running":true,"seconds":178})",
                                                  R"({"event":"clock","running":true,"seconds":177})",
                                                  R"({"event":"clock","running":false,"seconds":177})"));
}

TEST(StGeorgeTest, AfterALossTheLampsAreUnknownUntilTheyChange) {
  const auto decoder = make_decoder(Protocol::stgeorge, {});
  Events events;
  decoder->take(lamps(1, 0, 0, 0), 1, events);
  decoder->quiet(4, events);
  decoder->take(cycle(90), 5, events);
  EXPECT_THAT(lines(events, "lamp"), SizeIs(1));
  decoder->take(lamps(0, 1, 0, 0), 6, events);
  EXPECT_EQ(lines(events, "lamp").back(), R"({"event":"lamp","side":"right","state":"valid"})");
}

TEST(StGeorgeTest, UnknownAndDamagedFramesAreStepsOver) {
  const auto decoder = make_decoder(Protocol::stgeorge, {});
  Events events;
  decoder->take(
      frame("C\x02...") + frame("LR1G0W0x0") + frame("LR2G0W0w0") + frame("LR1G0W0w") + frame("T00:61"),
      std::nullopt, events);
  EXPECT_THAT(lines(events, "lamp"), IsEmpty());
  EXPECT_THAT(lines(events, "clock"), IsEmpty());
}

// Their frames look alike.
TEST(StGeorgeTest, AnFpaBoxIsNotUnderstood) {
  const auto decoder = make_decoder(Protocol::stgeorge, {});
  Events events;
  decoder->take(frame("R\x02 3:00   ") + frame("D\x02 0: 0\x02 0 00\x02 0 00\x02 0") + frame("I\x02 2"),
                std::nullopt, events);
  EXPECT_THAT(events, IsEmpty());
  EXPECT_EQ(decoder->tally().messages, 0U);
}

TEST(StGeorgeTest, ALampThatComesOnAsOthersGoOutIsDamage) {
  const Bytes accidents = (cycle(180) + bytes("01 13 54 04 99")) * 3;
  const auto events = decode(accidents + lamps(1, 0, 0, 0) + lamps(0, 1, 0, 0) + lamps(0, 0, 1, 0));
  EXPECT_THAT(lines(events, "lamp"), ElementsAre(R"({"event":"lamp","side":"left","state":"valid"})",
                                                 R"({"event":"lamp","side":"left","state":"off"})",
                                                 R"({"event":"lamp","side":"left","state":"off_target"})"));
}

TEST(StGeorgeTest, DamageMakesNoHit) {
  Bytes sent;
  for (int hit = 0; hit < 40; ++hit)
    sent = std::move(sent) + cycle(170 - hit) * 4 + lamps(hit % 2, 1 - hit % 2, 0, 0) + cycle(170 - hit) * 4 +
           lamps(0, 0, 0, 0);
  const Events clean = decode(sent);
  ASSERT_THAT(hits(clean), SizeIs(40));
  std::size_t wrong = 0;
  for (unsigned seed = 0; seed < 50; ++seed)
    wrong += false_hits(decode(damaged(sent, 0.005, seed)), clean, 0.3);
  // A lamp is one digit that is told once: no reader can tell a damaged one from a real one, 0 to 1 in 255.
  EXPECT_LE(wrong, 1U);
}

}  // namespace
}  // namespace piste::boxes
