#include <gmock/gmock.h>

#include "boxes/test_box.h"

namespace piste::boxes {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr double period = 0.0627;

// A frame by Favero's text; everything in BCD.
struct Frame {
  int right = 0;
  int left = 0;
  int seconds = 0;
  int minutes = 3;
  int lamps = 0;
  int period = 1;
  bool running = false;
  int cards = 0;
};

Bytes frame(const Frame& frame) {
  const auto bcd = [](int value) { return static_cast<std::uint8_t>(value / 10 * 16 + value % 10); };
  const auto byte = [](int value) { return static_cast<std::uint8_t>(value); };
  Bytes out{0xFF,
            bcd(frame.right),
            bcd(frame.left),
            bcd(frame.seconds),
            byte(frame.minutes),
            byte(frame.lamps),
            byte(frame.period),
            byte(frame.running),
            byte(frame.cards)};
  int sum = 0;
  for (const int part : out) sum += part;
  out.push_back(byte(sum & 0xFF));
  return out;
}

constexpr int red = 4;
constexpr int green = 8;
constexpr int left_white = 1;
constexpr int right_white = 2;

Events decode(const Bytes& bytes) {
  return test::decode(Protocol::favero, bytes);
}

TEST(FaveroTest, RealFramesAreRead) {
  const auto events = decode(bytes("ff 00 00 56 02 08 01 00 34 94"));
  EXPECT_THAT(lines(events, "link"), ElementsAre(R"({"event":"link","on":true})"));
  EXPECT_THAT(
      lines(events, "lamp"),
      ElementsAre(
          R"({"event":"lamp","side":"right","state":"valid","note":"lit before the box was heard"})"));
  EXPECT_THAT(lines(events, "clock"), ElementsAre(R"({"event":"clock","running":false,"seconds":176})"));
  EXPECT_THAT(lines(events, "score"), ElementsAre(R"({"event":"score","left":0,"right":0})"));
  EXPECT_THAT(lines(events, "card"),
              ElementsAre(R"({"event":"card","side":"right","card":"yellow","count":1})"));
  EXPECT_THAT(lines(events, "match"), ElementsAre(R"({"event":"match","period":1})"));
}

TEST(FaveroTest, TheSumDecidesNotThePublishedExample) {
  EXPECT_THAT(decode(bytes("ff 06 12 56 02 14 0a 00 38 56")), IsEmpty());
  const auto events = decode(bytes("ff 06 12 56 02 14 0a 00 38 c5"));
  EXPECT_THAT(lines(events, "score"), ElementsAre(R"({"event":"score","left":12,"right":6})"));
  EXPECT_THAT(lines(events, "priority"), ElementsAre(R"({"event":"priority","side":"left"})"));
}

TEST(FaveroTest, AHitIsHalfAPeriodBeforeItsFrame) {
  const auto events = decode(frame({}) * 10 + frame({.lamps = red}) * 47 + frame({}) * 10);
  EXPECT_THAT(lines(events, "lamp"), ElementsAre(R"({"event":"lamp","side":"left","state":"valid"})",
                                                 R"({"event":"lamp","side":"left","state":"off"})"));
  const auto hit = hits(events).at(0);
  EXPECT_NEAR(hit.moment.at, 10 * period + 0.0417 - 0.073, 1e-4);
  EXPECT_NEAR(hit.moment.error, 0.031, 1e-9);
}

TEST(FaveroTest, LostFramesMakeAHitLessCertain) {
  // Four frames of ten bytes are noise: the lamp may have come on in any of them.
  const auto events = decode(frame({}) * 10 + Bytes(40) + frame({.lamps = red}) * 10);
  const auto hit = hits(events).at(0);
  EXPECT_NEAR(hit.moment.at + hit.moment.error, 14 * period + 0.0417 - 0.073 + 0.031, 1e-4);
  EXPECT_NEAR(hit.moment.at - hit.moment.error, 10 * period + 0.0417 - 0.073 - 0.031, 1e-4);
}

TEST(FaveroTest, TwoHitsInOneFrameHaveNoOrder) {
  const auto together = decode(frame({}) * 5 + frame({.lamps = red | right_white}) * 5);
  EXPECT_THAT(
      lines(together, "lamp"),
      ElementsAre(
          R"({"event":"lamp","side":"left","state":"valid","order":"unknown","note":"order unknown"})",
          R"({"event":"lamp","side":"right","state":"off_target","order":"unknown","note":"order unknown"})"));
  const auto apart = decode(frame({}) * 5 + frame({.lamps = red}) + frame({.lamps = red | green}) * 5);
  EXPECT_THAT(lines(apart, "lamp"), ElementsAre(R"({"event":"lamp","side":"left","state":"valid"})",
                                                R"({"event":"lamp","side":"right","state":"valid"})"));
}

TEST(FaveroTest, GroundLampsAreNoHits) {
  EXPECT_THAT(hits(decode(frame({}) * 5 + bytes("ff 07 01 15 02 20 03 00 3c 7d") * 5)), IsEmpty());
}

TEST(FaveroTest, TheLampTestIsNoHit) {
  const Bytes all = bytes("ff ff ff ff 0f 3f 00 00 30 7a");
  const Bytes eights = bytes("ff 88 88 88 88 00 0f 00 3c 6a");
  const Bytes digits_only = frame({.right = 1, .left = 1, .lamps = 0x3F});
  const auto events =
      decode(frame({}) * 20 + (all * 15 + eights * 15) * 4 + digits_only * 15 + frame({}) * 20);
  EXPECT_THAT(lines(events, "lamp"), IsEmpty());
  EXPECT_THAT(lines(events, "score"), ElementsAre(R"({"event":"score","left":0,"right":0})"));
}

TEST(FaveroTest, ChecksumsAndDigitsThatAreFFKeepTheFraming) {
  const auto decoder = make_decoder(Protocol::favero, {});
  Events events;
  const Bytes zero = bytes("ff 00 00 00 00 00 00 00 00 ff");
  decoder->take(frame({}) * 3 + zero * 8 + bytes("ff ff ff ff 0f 3f 00 00 30 7a") + frame({}) * 3,
                std::nullopt, events);
  EXPECT_EQ(decoder->tally().messages, 15U);
  EXPECT_EQ(decoder->tally().stray_bytes, 0U);
}

TEST(FaveroTest, ARedCardIsAPulseAndEachIsCounted) {
  const Bytes pulse = frame({.cards = 1}) * 39 + frame({.left = 1}) * 10;
  const auto events = decode(frame({}) * 10 + pulse + pulse);
  EXPECT_THAT(lines(events, "card"),
              ElementsAre(R"({"event":"card","side":"right","card":"red","count":1})",
                          R"({"event":"card","side":"right","card":"red","count":2})"));
  EXPECT_THAT(lines(decode(bytes("ff 06 01 33 02 00 03 31 3d ac")), "card"),
              ElementsAre(R"({"event":"card","side":"left","card":"yellow","count":1})",
                          R"({"event":"card","side":"right","card":"yellow","count":1})",
                          R"({"event":"card","side":"right","card":"red","count":1})"));
}

TEST(FaveroTest, StrayBytesAndThePCardsOfAnFA15AreStepsOver) {
  const Bytes p_cards = bytes("fe 00 00 fe");
  const auto events = decode(bytes("12 ff 34") + frame({}) + p_cards + frame({}) + bytes("ff") +
                             frame({.lamps = green}) + p_cards);
  EXPECT_THAT(lines(events, "lamp"), ElementsAre(R"({"event":"lamp","side":"right","state":"valid"})"));
  EXPECT_NEAR(hits(events).at(0).moment.at, 2 * period + 0.0417 - 0.073, 1e-4);
}

TEST(FaveroTest, TheClockIsToldWhenItChanges) {
  const auto events = decode(frame({}) * 16 + frame({.seconds = 59, .minutes = 2, .running = true}) * 16 +
                             frame({.seconds = 58, .minutes = 2, .running = true}) * 4 +
                             frame({.seconds = 58, .minutes = 2}) * 16);
  EXPECT_THAT(lines(events, "clock"), ElementsAre(R"({"event":"clock","running":false,"seconds":180})",
                                                  R"({"event":"clock","running":true,"seconds":179})",
                                                  R"({"event":"clock","running":true,"seconds":178})",
                                                  R"({"event":"clock","running":false,"seconds":178})"));
}

TEST(FaveroTest, TheSidesMayBeSwapped) {
  const auto events =
      test::decode(Protocol::favero, frame({}) + frame({.right = 1, .lamps = green}), {true, false, {}});
  EXPECT_THAT(lines(events, "lamp"), ElementsAre(R"({"event":"lamp","side":"left","state":"valid"})"));
  EXPECT_EQ(lines(events, "score").back(), R"({"event":"score","left":1,"right":0})");
}

TEST(FaveroTest, SilenceIsALinkThatIsDownAndHeals) {
  const auto decoder = make_decoder(Protocol::favero, {});
  Events events;
  decoder->take(frame({}) + frame({.lamps = red}), 10, events);
  decoder->quiet(11.9, events);
  EXPECT_THAT(lines(events, "link"), SizeIs(1));
  decoder->quiet(12.1, events);
  decoder->quiet(14, events);
  decoder->take(frame({.lamps = red}), 15, events);
  EXPECT_THAT(lines(events, "link"), ElementsAre(R"({"event":"link","on":true})",
                                                 R"({"event":"link","on":false,"note":"silent for 2.0 s"})",
                                                 R"({"event":"link","on":true})"));
  // Whether that lamp was put out in between is not known.
  EXPECT_TRUE(std::get<Lamp>(hits(events).back().what).onset_unknown);
}

// Ten minutes with a hit every seven seconds.
Bytes bout() {
  Bytes out;
  for (int hit = 0; hit < 80; ++hit) {
    const int lamps[] = {red, green, left_white, red | right_white};
    const int seconds = 59 - hit % 50;
    const Frame now{.right = hit / 8, .left = hit / 9, .seconds = seconds, .minutes = 2, .running = true};
    out = std::move(out) + frame(now) * 65;
    Frame lit = now;
    lit.lamps = lamps[hit % 4];
    lit.running = false;
    out = std::move(out) + frame(lit) * 47;
  }
  return out;
}

TEST(FaveroTest, DamageMakesNoHit) {
  const Bytes sent = bout();
  const Events clean = decode(sent);
  ASSERT_THAT(hits(clean), SizeIs(100));
  for (unsigned seed = 0; seed < 40; ++seed) {
    const Events heard = decode(damaged(sent, 0.005, seed));
    EXPECT_EQ(false_hits(heard, clean, 0.5), 0U) << seed;
    EXPECT_EQ(hits(heard).size(), 100U) << seed;
    EXPECT_EQ(lines(heard, "score").size(), lines(clean, "score").size()) << seed;
  }
}

TEST(FaveroTest, HowTheBytesAreCutMakesNoDifference) {
  const Bytes sent = damaged(bout(), 0.002, 7);
  const Events whole = decode(sent);
  const auto decoder = make_decoder(Protocol::favero, {});
  Events events;
  for (std::size_t at = 0; at < sent.size(); at += 7)
    decoder->take(std::span(sent).subspan(at, std::min<std::size_t>(7, sent.size() - at)), std::nullopt,
                  events);
  ASSERT_EQ(events.size(), whole.size());
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(json_line(events[i]), json_line(whole[i]));
}

}  // namespace
}  // namespace piste::boxes
