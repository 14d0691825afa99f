#include <gmock/gmock.h>

#include "boxes/test_box.h"

namespace piste::boxes {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string all_kinds =
    R"({"event":"link","at_ms":0,"error_ms":5,"on":true}
{"event":"match","at_ms":0,"error_ms":5,"left_name":"B. Panini","period":2,"weapon":"epee"}
{"event":"clock","at_ms":0,"error_ms":5,"running":true,"seconds":180}
{"event":"blade_contact","at_ms":1200.5,"error_ms":5,"on":true}
{"event":"lamp","at_ms":1300,"error_ms":31,"side":"left","state":"valid","order":"unknown","note":"order unknown"}
{"event":"lamp","at_ms":1300,"error_ms":31,"side":"right","state":"late","ms":183}
{"event":"lamp","at_ms":1300,"error_ms":31,"side":"left","state":"off_target","note":"lit before the box was heard"}
{"event":"lockout","at_ms":1470,"error_ms":5,"on":true}
{"event":"score","at_ms":4000,"error_ms":5,"left":1,"right":0}
{"event":"card","at_ms":4000,"error_ms":5,"side":"right","card":"p_red","count":2}
{"event":"priority","at_ms":4000,"error_ms":5,"side":"none"}
{"event":"link","at_ms":9000,"error_ms":0,"on":false,"note":"silent for 2.0 s"}
)";

Events decode(const std::string& lines, const Settings& settings = {}) {
  return test::decode(Protocol::lines, text(lines), settings);
}

TEST(LinesTest, WhatIsPrintedIsReadBack) {
  std::string printed;
  for (const Event& event : decode(all_kinds)) printed += json_line(event) + "\n";
  EXPECT_EQ(printed, all_kinds);
}

TEST(LinesTest, ATapNeedsNoTimes) {
  const auto decoder = make_decoder(Protocol::lines, {});
  Events events;
  decoder->take(text(R"({"event":"lamp","side":"left","state":"valid"})"
                     "\n"),
                12.5, events);
  ASSERT_THAT(hits(events), SizeIs(1));
  EXPECT_NEAR(hits(events)[0].moment.at, 12.5, 1e-9);
  EXPECT_NEAR(hits(events)[0].moment.error, 0.1, 1e-9);
  EXPECT_THAT(lines(events, "link"), SizeIs(1));
}

TEST(LinesTest, AByteOrderMarkAndWindowsLineEndsAreNoFault) {
  const auto events =
      decode("\xEF\xBB\xBF{\"event\":\"lamp\",\"side\":\"left\",\"state\":\"valid\"}\r\n\r\n");
  EXPECT_THAT(hits(events), SizeIs(1));
}

TEST(LinesTest, LiveTheSendersTimesAreMappedToOurs) {
  const auto decoder = make_decoder(Protocol::lines, {});
  Events events;
  const auto lamp = [](int at, const char* state) {
    return text(R"({"event":"lamp","side":"left","at_ms":)" + std::to_string(at) + R"(,"state":")" + state +
                "\"}\n");
  };
  decoder->take(lamp(1000, "off"), 51.02, events);
  decoder->take(lamp(2000, "off"), 52.005, events);
  decoder->take(lamp(3000, "valid"), 53.4, events);
  EXPECT_NEAR(hits(events).at(0).moment.at, 53.005, 1e-9);
}

TEST(LinesTest, AWrongLineIsNamed) {
  const auto problem = [](const std::string& line) {
    const auto decoder = make_decoder(Protocol::lines, {});
    Events events;
    decoder->take(text(R"({"event":"link","on":true})"
                       "\n" +
                       line + "\n"),
                  std::nullopt, events);
    EXPECT_THAT(events, SizeIs(1)) << line;
    return decoder->tally().problem;
  };
  EXPECT_THAT(problem("{"), HasSubstr("line 2: not JSON"));
  EXPECT_THAT(problem("[]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(problem(R"({"event":"touch"})"), HasSubstr("\"event\" must be one of lamp, clock"));
  EXPECT_THAT(problem(R"({"event":"lamp","side":"up","state":"valid"})"),
              HasSubstr("\"side\" must be one of left, right"));
  EXPECT_THAT(problem(R"({"event":"lamp","side":"left","state":"on"})"),
              HasSubstr("off, valid, off_target, late, short"));
  EXPECT_THAT(problem(R"({"event":"lockout"})"), HasSubstr("\"on\" is missing"));
  EXPECT_THAT(problem(R"({"event":"lockout","on":1})"), HasSubstr("\"on\" must be true or false"));
  EXPECT_THAT(problem(R"({"event":"score","left":-1,"right":0})"),
              HasSubstr("\"left\" must be a number from 0 to 9999"));
  EXPECT_THAT(problem(R"({"event":"score","left":1.5,"right":0})"),
              HasSubstr("\"left\" must be a whole number"));
  EXPECT_THAT(problem(R"({"event":"lockout","on":true,"at_ms":"x"})"),
              HasSubstr("\"at_ms\" must be a number"));
}

TEST(LinesTest, SidesMayBeSwapped) {
  const auto events = decode(all_kinds, {.swap_sides = true});
  EXPECT_EQ(std::get<Lamp>(hits(events).at(0).what).side, Side::right);
  EXPECT_THAT(lines(events, "score"), ElementsAre(R"({"event":"score","left":0,"right":1})"));
  EXPECT_THAT(lines(events, "match").at(0), HasSubstr("right_name"));
}

}  // namespace
}  // namespace piste::boxes
