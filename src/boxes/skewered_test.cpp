#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/hex.h"
#include "boxes/test_box.h"

namespace piste::boxes {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr double period = 0.005;
constexpr double sending = 0.0014;

enum Light { dark, valid, off_target, too_short, late };

// A state by the maker's text.
struct State {
  bool lockout = false;
  int weapon = 0;  // sabre
  int period = 1;
  bool running = true;
  int seconds = 180;
  bool blades = false;
  Light left = dark;
  Light right = dark;
  int left_ms = 0;
  int right_ms = 0;
  int left_score = 0;
  int right_score = 0;
};

Bytes data(const State& state) {
  const auto byte = [](int value) { return static_cast<std::uint8_t>(value & 0xFF); };
  return {byte(state.lockout << 1),
          byte(state.weapon << 4 | state.period),
          byte(state.running << 2 | state.seconds >> 8),
          byte(state.seconds),
          byte(0),
          byte(state.blades << 6),
          byte(state.left << 3 | state.right),
          byte(state.left_ms >> 3),
          byte((state.left_ms & 7) << 5 | state.right_ms >> 7),
          byte((state.right_ms & 0x7F) << 1),
          byte(state.left_score),
          byte(state.right_score),
          byte(0)};
}

Bytes packet(std::uint8_t type, const Bytes& data) {
  Bytes out{type};
  out = std::move(out) + data;
  int sum = 0;
  for (const int part : out) sum += part;
  out.push_back(static_cast<std::uint8_t>(sum & 0xFF));
  out.push_back(0xFF);
  return out;
}

Bytes serial(const State& state) {
  return packet(0xEE, data(state));
}

// The packets of a hit that is `first_age` ms old when it is first told.
Bytes ageing(State state, int first_age, int packets) {
  Bytes out;
  for (int i = 0; i < packets; ++i) {
    const int age = std::min(999, first_age + 5 * i);
    if (state.left == valid || state.left == off_target) state.left_ms = age;
    if (state.right == valid || state.right == off_target) state.right_ms = age;
    out = std::move(out) + serial(state);
  }
  return out;
}

Events decode(const Bytes& bytes) {
  return test::decode(Protocol::skewered, bytes);
}

TEST(SkeweredTest, AHitIsDatedByItsAge) {
  const auto events = decode(serial({}) * 100 + ageing({.lockout = true, .left = valid}, 3, 50));
  ASSERT_THAT(lines(events, "lamp"), ElementsAre(R"({"event":"lamp","side":"left","state":"valid"})"));
  EXPECT_NEAR(hits(events).at(0).moment.at, 100 * period + sending - sending - 0.003, 2e-4);
  EXPECT_NEAR(hits(events).at(0).moment.error, 0.002, 1e-9);
  EXPECT_THAT(lines(events, "lockout"), ElementsAre(R"({"event":"lockout","on":true})"));
}

TEST(SkeweredTest, BothInOnePacketAreOrderedByTheirAges) {
  const auto events =
      decode(serial({}) * 20 +
             serial({.lockout = true, .left = valid, .right = off_target, .left_ms = 41, .right_ms = 2}));
  ASSERT_THAT(lines(events, "lamp"), ElementsAre(R"({"event":"lamp","side":"left","state":"valid"})",
                                                 R"({"event":"lamp","side":"right","state":"off_target"})"));
  EXPECT_NEAR(hits(events)[1].moment.at - hits(events)[0].moment.at, 0.039, 1e-6);
  const auto same =
      decode(serial({}) * 20 + serial({.left = valid, .right = valid, .left_ms = 7, .right_ms = 7}));
  EXPECT_EQ(lines(same, "lamp").at(0),
            R"({"event":"lamp","side":"left","state":"valid","order":"unknown","note":"order unknown"})");
}

TEST(SkeweredTest, LateAndShortAreNotDatedBack) {
  const auto events =
      decode(serial({}) * 100 + serial({.lockout = true, .right = late, .right_ms = 183}) * 5 +
             serial({}) * 5 + serial({.left = too_short, .left_ms = 9}) * 5);
  EXPECT_THAT(lines(events, "lamp"), ElementsAre(R"({"event":"lamp","side":"right","state":"late","ms":183})",
                                                 R"({"event":"lamp","side":"right","state":"off"})",
                                                 R"({"event":"lamp","side":"left","state":"short","ms":9})"));
  EXPECT_NEAR(times(events, "lamp")[0], 100 * period, 1e-3);
  EXPECT_NEAR(times(events, "lamp")[2], 110 * period, 1e-3);
}

TEST(SkeweredTest, FFAsSumAndInTheDataKeepsTheFraming) {
  // 255 s left is FF in the data; the score is chosen so that the sum is FF too.
  State state{.seconds = 255};
  Bytes packet = serial(state);
  while (packet[14] != 0xFF) {
    ++state.right_score;
    packet = serial(state);
  }
  ASSERT_LT(state.right_score, 100);
  const auto decoder = make_decoder(Protocol::skewered, {});
  Events events;
  decoder->take(packet * 10 + bytes("ed 11 01 00 ff ff") + packet * 2, std::nullopt, events);
  EXPECT_EQ(decoder->tally().messages, 13U);
  EXPECT_EQ(decoder->tally().stray_bytes, 0U);
  EXPECT_THAT(lines(events, "clock"), ElementsAre(R"({"event":"clock","running":true,"seconds":255})"));
}

TEST(SkeweredTest, ValuesThatMeanNothingDropThePacket) {
  EXPECT_THAT(decode(serial({.weapon = 3})), IsEmpty());
  EXPECT_THAT(decode(serial({.period = 0})), IsEmpty());
  EXPECT_THAT(decode(serial({.left = static_cast<Light>(5)})), IsEmpty());
  EXPECT_THAT(decode(bytes("ee 11000000000000000000000000 ff ff")), IsEmpty());
}

TEST(SkeweredTest, BladeContactIsToldOnAndOff) {
  const auto events = decode(serial({}) * 10 + serial({.blades = true}) + serial({}) * 10);
  EXPECT_THAT(lines(events, "blade_contact"), ElementsAre(R"({"event":"blade_contact","on":true})",
                                                          R"({"event":"blade_contact","on":false})"));
  EXPECT_NEAR(times(events, "blade_contact")[0], 10 * period, 1e-3);
}

TEST(SkeweredTest, AdvertisementsAreLinesOfHex) {
  const auto line = [](const State& state) { return base::hex(data(state)) + "\r\n"; };
  std::string lines_of_hex;
  for (int i = 0; i < 10; ++i) lines_of_hex += line({});
  lines_of_hex += line({.left = valid, .left_ms = 60}) + line({.left = valid, .left_ms = 160});
  const auto events = decode(text(lines_of_hex));
  EXPECT_THAT(lines(events, "lamp"), ElementsAre(R"({"event":"lamp","side":"left","state":"valid"})"));
  EXPECT_NEAR(hits(events).at(0).moment.at, 1.0 - 0.060, 2e-3);
  // A recorder may note the time; a bridge may send the whole packet.
  const auto noted =
      decode(text("2.000 " + line({}) + "2.100 " + base::hex(serial({.left = valid, .left_ms = 60}))));
  EXPECT_NEAR(hits(noted).at(0).moment.at, 2.04, 2e-3);
}

TEST(SkeweredTest, BridgesPrintHexInTheirOwnWays) {
  for (const char* line :
       {"02 01 00 B4 00 02 08 04 A0 00 00 00 00", "0x020100b400020804a000000000",
        "02:01:00:b4:00:02:08:04:a0:00:00:00:00", "02-01-00-B4-00-02-08-04-A0-00-00-00-00",
        "7.5 02 01 00 b4 00 02 08 04 a0 00 00 00 00", "ee 02 01 00 b4 00 02 08 04 a0 00 00 00 00 53 ff"})
    EXPECT_THAT(lines(decode(text(line)), "lamp"),
                ElementsAre(R"({"event":"lamp","side":"left","state":"valid"})"))
        << line;
  EXPECT_NEAR(hits(decode(text("7.5 02 01 00 b4 00 02 08 04 a0 00 00 00 00"))).at(0).moment.at, 7.463, .002);
  EXPECT_THAT(decode(text("02 01 00 b4 00 02 08 04 a0 00 00 00 0")), IsEmpty());
}

TEST(SkeweredTest, TheLeastDelayedPacketDatesTheHit) {
  const auto decoder = make_decoder(Protocol::skewered, {});
  Events events;
  const auto delay = [](int i) { return 0.001 * ((i * 7) % 16); };  // a USB adapter hands over every 16 ms
  for (int i = 0; i < 100; ++i) {
    const double sent = i * period;
    State state;
    if (sent >= 0.25) state = {.left = valid, .left_ms = static_cast<int>(std::lround((sent - 0.25) * 1000))};
    decoder->take(serial(state), 100 + sent + sending + delay(i), events);
  }
  ASSERT_THAT(hits(events), SizeIs(1));
  EXPECT_NEAR(hits(events)[0].moment.at, 100.25, 0.002);
}

TEST(SkeweredTest, AnAgeAtItsLimitIsTheLatestTime) {
  const auto events = decode(serial({.left = valid, .left_ms = 999}) * 3);
  ASSERT_THAT(hits(events), SizeIs(1));
  EXPECT_TRUE(std::get<Lamp>(hits(events)[0].what).onset_unknown);
}

TEST(SkeweredTest, ANewHitIsSeenWithoutTheDarknessBetween) {
  const auto events = decode(ageing({.left = valid}, 3, 150) + ageing({.left = valid}, 3, 20));
  ASSERT_THAT(hits(events), SizeIs(2));
  EXPECT_NEAR(hits(events)[1].moment.at - hits(events)[0].moment.at, 150 * period, 1e-3);
}

Bytes bout() {
  Bytes out;
  for (int hit = 0; hit < 40; ++hit) {
    const State now{.seconds = 170 - hit, .left_score = hit / 4, .right_score = hit / 5};
    out = std::move(out) + serial(now) * 300;
    State lit = now;
    lit.lockout = true;
    lit.running = false;
    (hit % 2 ? lit.left : lit.right) = hit % 3 ? valid : off_target;
    out = std::move(out) + ageing(lit, 4, 300);
  }
  return out;
}

TEST(SkeweredTest, DamageMakesNoHit) {
  const Bytes sent = bout();
  const Events clean = decode(sent);
  ASSERT_THAT(hits(clean), SizeIs(40));
  for (unsigned seed = 0; seed < 40; ++seed) {
    const Events heard = decode(damaged(sent, 0.005, seed));
    EXPECT_EQ(false_hits(heard, clean, 0.1), 0U) << seed;
    EXPECT_EQ(hits(heard).size(), 40U) << seed;
  }
}

TEST(SkeweredTest, TheMakersVectors) {
  const std::filesystem::path path =
      std::filesystem::path(PISTE_SOURCE_DIR) / "../shared/data/boxes/skewered.json";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  std::ifstream file(path);
  const auto rows = boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {})).as_array();
  std::vector<Events> all;
  for (const auto& row : rows) {
    if (!row.as_object().contains("data")) continue;
    all.push_back(decode(bytes(std::string(row.at("serial").as_string()))));
    // The advertisement says the same.
    const Events radio = decode(text(std::string(row.at("data").as_string())));
    EXPECT_EQ(lines(radio, "lamp"), lines(all.back(), "lamp"));
    EXPECT_EQ(lines(radio, "card"), lines(all.back(), "card"));
  }
  ASSERT_THAT(all, SizeIs(8));
  EXPECT_THAT(lines(all[0], "score"), ElementsAre(R"({"event":"score","left":2,"right":4})"));
  EXPECT_THAT(lines(all[0], "clock"), ElementsAre(R"({"event":"clock","running":false,"seconds":83})"));
  EXPECT_THAT(lines(all[0], "match"), ElementsAre(R"({"event":"match","period":2,"weapon":"epee"})"));
  EXPECT_THAT(lines(all[0], "card"),
              ElementsAre(R"({"event":"card","side":"left","card":"yellow","count":1})",
                          R"({"event":"card","side":"right","card":"p_red","count":1})"));
  EXPECT_THAT(lines(all[1], "priority"), ElementsAre(R"({"event":"priority","side":"left"})"));
  EXPECT_THAT(lines(all[1], "card"),
              ElementsAre(R"({"event":"card","side":"left","card":"red","count":1})",
                          R"({"event":"card","side":"left","card":"p_yellow","count":1})",
                          R"({"event":"card","side":"right","card":"yellow","count":1})"));
  EXPECT_THAT(hits(all[2]), SizeIs(2));
  EXPECT_NEAR(hits(all[2])[0].moment.at, -0.539, 1e-3);
  EXPECT_THAT(lines(all[2], "lockout"), SizeIs(1));
  EXPECT_THAT(lines(all[3], "clock"), ElementsAre(R"({"event":"clock","running":false,"seconds":5.06})"));
  EXPECT_NEAR(hits(all[4]).at(0).moment.at, -0.037, 1e-3);
  EXPECT_THAT(
      lines(all[5], "lamp"),
      ElementsAre(
          R"({"event":"lamp","side":"left","state":"valid"})",
          R"({"event":"lamp","side":"right","state":"late","ms":183,"note":"lit before the box was heard"})"));
  EXPECT_THAT(lines(all[5], "blade_contact"), SizeIs(1));
  EXPECT_THAT(
      lines(all[6], "lamp"),
      ElementsAre(
          R"({"event":"lamp","side":"left","state":"short","ms":9,"note":"lit before the box was heard"})"));
  EXPECT_THAT(all[7], IsEmpty());
}

}  // namespace
}  // namespace piste::boxes
