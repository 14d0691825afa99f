// Every protocol there and back: a script is played, what it plays is decoded, and the decoder says what was
// in it.
#include "boxes/simulator.h"

#include <gmock/gmock.h>

#include "boxes/test_box.h"

namespace piste::boxes {
namespace {

using namespace test;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Ge;
using testing::Le;
using testing::SizeIs;

const std::string script =
    R"({"event":"match","at_ms":0,"left_name":"B. Panini","right_name":"P. Martin","weapon":"foil","piste":"7"}
{"event":"clock","at_ms":1000,"running":true,"seconds":180}
{"event":"blade_contact","at_ms":2000,"on":true}
{"event":"blade_contact","at_ms":2030,"on":false}
{"event":"lamp","at_ms":4200,"side":"left","state":"valid"}
{"event":"lamp","at_ms":4370,"side":"right","state":"off_target"}
{"event":"lockout","at_ms":4480,"on":true}
{"event":"clock","at_ms":4800,"running":false}
{"event":"score","at_ms":6000,"left":1,"right":0}
{"event":"lamp","at_ms":7300,"side":"left","state":"off"}
{"event":"lamp","at_ms":7300,"side":"right","state":"off"}
{"event":"lockout","at_ms":7300,"on":false}
{"event":"card","at_ms":9000,"side":"right","card":"red","count":1}
{"event":"card","at_ms":14000,"side":"right","card":"red","count":2}
{"event":"priority","at_ms":15000,"side":"right"}
)";

struct Played {
  Protocol protocol;
  bool blade_contact;
  double late;  // s: the most that a hit may be off
};

class SimulatorTest : public testing::TestWithParam<Played> {};

TEST_P(SimulatorTest, WhatIsPlayedIsDecoded) {
  const Protocol protocol = GetParam().protocol;
  const Events played = test::decode(Protocol::lines, text(script));
  const auto decoder = make_decoder(protocol, {});
  Events events;
  double last = 0;
  simulate(protocol, played, 18, [&](const Packet& packet) {
    EXPECT_GE(packet.at, last);
    last = packet.at;
    const std::string bytes = packet.topic.empty() ? packet.bytes : packet.topic + " " + packet.bytes;
    // As it comes over a line or a network: a little late.
    decoder->take(text(bytes + (is_text(protocol) ? "\n" : "")), 100 + packet.at + 0.002, events);
    return true;
  });
  decoder->finish(events);

  const auto hit = hits(events);
  ASSERT_THAT(hit, SizeIs(2));
  EXPECT_THAT(line(hit[0]), R"({"event":"lamp","side":"left","state":"valid"})");
  EXPECT_THAT(line(hit[1]), R"({"event":"lamp","side":"right","state":"off_target"})");
  const double first[] = {4.2, 4.37};
  for (int i = 0; i < 2; ++i)
    EXPECT_NEAR(hit[static_cast<std::size_t>(i)].moment.at, 100 + first[i], GetParam().late);
  EXPECT_THAT(lines(events, "lamp"), SizeIs(4));
  EXPECT_EQ(lines(events, "score").back(), R"({"event":"score","left":1,"right":0})");
  EXPECT_EQ(lines(events, "priority").back(), R"({"event":"priority","side":"right"})");
  EXPECT_THAT(lines(events, "clock"), Contains(R"({"event":"clock","running":true,"seconds":178})"));
  EXPECT_THAT(lines(events, "blade_contact"), SizeIs(GetParam().blade_contact ? 2 : 0));
  EXPECT_THAT(lines(events, "link"), ElementsAre(R"({"event":"link","on":true})"));
  if (protocol != Protocol::skewered) {  // it has room for one
    EXPECT_EQ(lines(events, "card").back(), R"({"event":"card","side":"right","card":"red","count":2})");
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, SimulatorTest,
    testing::Values(Played{Protocol::skewered, true, 0.01}, Played{Protocol::fpa, true, 0.01},
                    Played{Protocol::stgeorge, false, 0.04}, Played{Protocol::favero, false, 0.07},
                    Played{Protocol::cyrano, false, 0.06}, Played{Protocol::efp2, false, 0.06},
                    Played{Protocol::opp2, true, 0.01}),
    [](const auto& box) {
      for (const auto& [name, protocol] : protocols) {
        if (protocol == box.param.protocol) return std::string(name);
      }
      return std::string();
    });

TEST(SimulatorTest, LinesArePlayedAsTheyAre) {
  std::string out;
  const Events played = test::decode(Protocol::lines, text(script));
  simulate(Protocol::lines, played, 18, [&](const Packet& packet) {
    out += packet.bytes + "\n";
    return true;
  });
  EXPECT_THAT(test::decode(Protocol::lines, text(out)), SizeIs(played.size()));
}

TEST(SimulatorTest, ItEndsWhenNobodyTakesMore) {
  int sent = 0;
  simulate(Protocol::favero, {}, 1000, [&](const Packet&) { return ++sent < 5; });
  EXPECT_EQ(sent, 5);
}

}  // namespace
}  // namespace piste::boxes
