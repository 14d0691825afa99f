#include <gmock/gmock.h>

#include "boxes/test_box.h"

namespace piste::boxes {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr double byte_time = 10 / 38400.0;

Bytes lamps(bool red, bool green, bool first_white, bool second_white) {
  const auto digit = [](bool on) { return static_cast<std::uint8_t>(on ? '1' : '0'); };
  return {1, 0x14, 'R', digit(red), 'G', digit(green), 'W', digit(first_white), 'w', digit(second_white), 4};
}

Bytes clock(char state, const std::string& time) {
  return text("\x01\x13" + std::string(1, state) + "\x02" + time + "\x04");
}

const Bytes dark = lamps(false, false, false, false);
const Bytes real_score =
    bytes("01 13 44 02 30 30 3A 30 32 02 30 30 30 30 30 02 30 30 30 30 30 02 31 02 38 02 33 33 04");

Events decode(const Bytes& bytes, const Settings& settings = {}) {
  return test::decode(Protocol::fpa, bytes, settings);
}

TEST(FpaTest, RealFramesAreRead) {
  const auto events = decode(dark + bytes("01 14 52 30 47 30 57 30 77 31 04") +
                             bytes("01 13 4E 02 30 30 3A 35 31 2E 20 20 04") + real_score);
  EXPECT_THAT(lines(events, "lamp"), ElementsAre(R"({"event":"lamp","side":"left","state":"off_target"})"));
  EXPECT_THAT(lines(events, "clock"), ElementsAre(R"({"event":"clock","running":false,"seconds":51})"));
  EXPECT_THAT(lines(events, "score"), ElementsAre(R"({"event":"score","left":2,"right":0})"));
  EXPECT_THAT(lines(events, "priority"), ElementsAre(R"({"event":"priority","side":"right"})"));
  EXPECT_THAT(lines(events, "match"),
              ElementsAre(R"({"event":"match","state":"halt"})", R"({"event":"match","period":8})"));
}

TEST(FpaTest, WhichWhiteComesFirstIsASetting) {
  const Bytes sent = dark + lamps(false, false, true, false);
  EXPECT_THAT(lines(decode(sent), "lamp"),
              ElementsAre(R"({"event":"lamp","side":"right","state":"off_target"})"));
  EXPECT_THAT(lines(decode(sent, {.whites_swapped = true}), "lamp"),
              ElementsAre(R"({"event":"lamp","side":"left","state":"off_target"})"));
}

TEST(FpaTest, AHitIsAsLongAgoAsItsFrameIsOnTheLine) {
  const auto events = decode(dark * 50 + lamps(true, false, false, false));
  EXPECT_NEAR(hits(events).at(0).moment.at, 50 * 11 * byte_time, 2e-4);
  EXPECT_NEAR(hits(events).at(0).moment.error, 0.005, 1e-9);
}

TEST(FpaTest, BothInOneFrameHaveNoOrder) {
  EXPECT_THAT(lines(decode(dark + lamps(true, true, false, false)), "lamp").at(1),
              R"({"event":"lamp","side":"right","state":"valid","order":"unknown","note":"order unknown"})");
  EXPECT_FALSE(
      std::get<Lamp>(
          hits(decode(dark + lamps(true, false, false, false) + lamps(true, true, false, false))).at(1).what)
          .order_unknown);
}

TEST(FpaTest, TheClockInAllItsForms) {
  const auto events =
      decode(clock('N', " 3:00   ") + clock('R', " 2:59   ") + clock('R', " 0:09.4 ") +
             clock('N', " 0:07.3:") + clock('R', "12:34") + clock('J', " 5:00   ") + clock('B', " 0:59   "));
  EXPECT_THAT(lines(events, "clock"), ElementsAre(R"({"event":"clock","running":false,"seconds":180})",
                                                  R"({"event":"clock","running":true,"seconds":179})",
                                                  R"({"event":"clock","running":true,"seconds":9.4})",
                                                  R"({"event":"clock","running":false,"seconds":7.3})",
                                                  R"({"event":"clock","running":true,"seconds":754})",
                                                  R"({"event":"clock","running":false,"seconds":300})",
                                                  R"({"event":"clock","running":false,"seconds":59})"));
  EXPECT_EQ(lines(events, "match").back(), R"({"event":"match","state":"pause"})");
}

TEST(FpaTest, AnAddressOfRawBytesKeepsTheFraming) {
  const Bytes address = bytes("01 13 43 53 02 30 30 37 02 31 02 30 02 01 04 01 04 00 00 01 04");
  ASSERT_EQ(address.size(), 21U);
  const auto decoder = make_decoder(Protocol::fpa, {});
  Events events;
  decoder->take(dark + address + lamps(true, false, false, false), std::nullopt, events);
  EXPECT_EQ(decoder->tally().messages, 3U);
  EXPECT_EQ(decoder->tally().stray_bytes, 0U);
  EXPECT_THAT(hits(events), SizeIs(1));
}

TEST(FpaTest, BladeContactIsToldByAtlas) {
  EXPECT_THAT(
      lines(decode(bytes("01 13 42 43 02 31 04  01 13 42 43 02 30 04")), "blade_contact"),
      ElementsAre(R"({"event":"blade_contact","on":true})", R"({"event":"blade_contact","on":false})"));
}

TEST(FpaTest, NamesWeaponAndLongRounds) {
  Bytes score = real_score;
  score.insert(score.begin() + 24, '1');
  const auto events = decode(text("\x01\x13NL\x02"
                                  "32\x02"
                                  "PANINI B.\x02ITA\x04") +
                             bytes("01 13 49 02 46 02 33 02 30 02 30 04") + score);
  EXPECT_THAT(lines(events, "match"),
              ElementsAre(R"({"event":"match","left_id":"32","left_name":"PANINI B.","left_nation":"ITA"})",
                          R"({"event":"match","weapon":"foil"})", R"({"event":"match","period":18})"));
}

TEST(FpaTest, CardsRightBeforeLeft) {
  Bytes score = real_score;
  score[11] = '1';  // right yellow
  score[19] = '2';  // left red
  EXPECT_THAT(lines(decode(score), "card"),
              ElementsAre(R"({"event":"card","side":"left","card":"red","count":2})",
                          R"({"event":"card","side":"right","card":"yellow","count":1})"));
}

TEST(FpaTest, SilenceAndUnplugging) {
  const auto decoder = make_decoder(Protocol::fpa, {});
  Events events;
  decoder->take(dark, 5, events);
  decoder->quiet(8.9, events);
  EXPECT_THAT(lines(events, "link"), SizeIs(1));
  decoder->quiet(9.1, events);
  EXPECT_EQ(lines(events, "link").back(), R"({"event":"link","on":false,"note":"silent for 4.0 s"})");
}

// Changes at once, everything again as the box does each 1.2 s.
Bytes bout() {
  Bytes out;
  const Bytes refresh = clock('R', " 2:30   ") + real_score;
  for (int hit = 0; hit < 60; ++hit) {
    const Bytes lit = lamps(hit % 3 == 0, hit % 3 == 1, false, hit % 3 == 2);
    out = std::move(out) + (dark + refresh) * 6 + (lit + refresh) * 4;
  }
  return out;
}

TEST(FpaTest, DamageMakesNoHit) {
  const Bytes sent = bout();
  const Events clean = decode(sent);
  ASSERT_THAT(hits(clean), SizeIs(60));
  for (unsigned seed = 0; seed < 100; ++seed)
    EXPECT_EQ(false_hits(decode(damaged(sent, 0.005, seed)), clean, 0.06), 0U) << seed;
}

}  // namespace
}  // namespace piste::boxes
