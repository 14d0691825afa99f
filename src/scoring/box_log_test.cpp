#include "scoring/box_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scoring/log.h"

namespace piste::scoring {
namespace {

using testing::HasSubstr;
using testing::Not;
using types::Side;

std::string log_of(const types::Phrase& phrase) {
  return box_log(phrase, 12, *parse_wall_clock("2026-03-14 18:30:00"));
}

TEST(BoxLog, IsWhatARealBoxWritesForADoubleHit) {
  types::Phrase phrase;
  phrase.touches = {{Side::left, 2.54, true}, {Side::right, 2.66, true}};
  phrase.lockout = types::Lockout{2.595, .2};
  phrase.blade_contacts = {1.25};
  phrase.end = 3.6;
  EXPECT_EQ(log_of(phrase),
            "Phrase 12 initialized at 2026-03-14 18:30:00\n"
            "Audio cue executed at 2026-03-14 18:29:57\n"
            "Audio cue duration: 2.48s\n"
            "Start command issued at 2026-03-14 18:30:00\n"
            "Recording started at 2026-03-14 18:30:00\n"
            " 0.000s | Phrase recording started\n"
            " 1.250s | Off-Target: Blade-to-blade contact.\n"
            " 2.540s | HIT: Right scores on Left!\n"
            "Lockout active (0.200s window)\n"
            " 2.595s | Lockout period started (0.200s window)\n"
            " 2.660s | HIT: Simultaneous valid hits!\n"
            " 2.660s | HIT: Left scores on Right! (simultaneous)\n"
            " 3.600s | Phrase recording ended\n"
            "Scores -> Fencer 1: HIT, Fencer 2: HIT\n"
            "Phrase ended\n"
            "[2026-03-14 18:30:04] Interpretation -> Right Fencer: HIT, Left Fencer: HIT\n"
            "[2026-03-14 18:30:04] Awaiting manual winner selection (double hit)\n");
}

TEST(BoxLog, SwapsTheSidesAsTheBoxDoes) {
  types::Phrase phrase;
  phrase.touches = {{Side::right, 1.5, true}};
  phrase.end = 2;
  const std::string log = log_of(phrase);
  EXPECT_THAT(log, HasSubstr("HIT: Left scores on Right!"));
  EXPECT_THAT(log, HasSubstr("Scores -> Fencer 1: HIT, Fencer 2: MISS"));
  EXPECT_THAT(log, HasSubstr("(single hit confirmation)"));
}

TEST(BoxLog, SaysOfAHitThatItIsOffTarget) {
  types::Phrase phrase;
  phrase.touches = {{Side::left, 2.5, false}, {Side::right, 2.6, true}};
  phrase.end = 3.4;
  const auto read = parse_log(log_of(phrase), {.weapon = types::Weapon::foil});
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->phrase.touches.size(), 2U);
  EXPECT_EQ(read->phrase.touches[0].scorer, Side::left);
  EXPECT_FALSE(read->phrase.touches[0].valid);
  EXPECT_EQ(read->phrase.touches[1].scorer, Side::right);
  EXPECT_TRUE(read->phrase.touches[1].valid);
  EXPECT_TRUE(read->warnings.empty());
}

TEST(BoxLog, WithoutAHitAsksNobody) {
  types::Phrase phrase;
  phrase.end = 4;
  const std::string log = log_of(phrase);
  EXPECT_THAT(log, HasSubstr("Fencer 1: MISS, Fencer 2: MISS"));
  EXPECT_THAT(log, Not(HasSubstr("HIT:")));
  EXPECT_THAT(log, Not(HasSubstr("Awaiting")));
}

TEST(WallClock, TakesOnlyRealTimes) {
  EXPECT_TRUE(parse_wall_clock("2024-02-29 23:59:59"));
  for (const char* text : {"", "2026-02-29 10:00:00", "2026-01-01 24:00:00", "2026-01-01 10:60:00",
                           "2026-1-1 10:00:00", "2026-01-01 10:00:00 ", "yesterday at about six"}) {
    EXPECT_FALSE(parse_wall_clock(text)) << text;
  }
}

}  // namespace
}  // namespace piste::scoring
