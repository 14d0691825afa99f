#include "scoring/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>

namespace piste::scoring {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using types::Side;
using types::Touch;
using types::Weapon;

MATCHER_P2(TouchOf, side, time, "") {
  return arg.scorer == side && arg.time == time && arg.valid;
}
MATCHER_P2(OffTargetOf, side, time, "") {
  return arg.scorer == side && arg.time == time && !arg.valid;
}

const std::string header =
    "Phrase 10 initialized at 2025-10-20 21:03:53\n"
    "Audio cue executed at 2025-10-20 21:03:51\n"
    "Audio cue duration: 2.44s\n"
    "Start command issued at 2025-10-20 21:03:53\n"
    "Recording started at 2025-10-20 21:03:53\n"
    " 0.000s | Phrase recording started\n";

Log parsed(const std::string& text, const LogOptions& options = {}) {
  auto log = parse_log(text, options);
  EXPECT_TRUE(log.ok()) << (log.ok() ? "" : log.error().message);
  return log.ok() ? *log : Log{};
}

TEST(ScoringLog, ReadsAWholePhrase) {
  const Log log = parsed(header +
                         " 2.257s | Off-Target: Blade-to-blade contact.\n"
                         " 4.809s | HIT: Right scores on Left!\n"
                         "Lockout active (0.130s window)\n"
                         " 4.832s | Lockout period started (0.200s window)\n"
                         " 5.038s | HIT: Simultaneous valid hits!\n"
                         " 5.081s | Phrase recording ended\n"
                         "Scores -> Fencer 1: HIT, Fencer 2: HIT\n"
                         "Phrase ended\n"
                         " 5.160s | Off-Target: Blade-to-blade contact.\n"
                         "[2025-10-20 21:03:59] Interpretation -> Right Fencer: HIT, Left Fencer: HIT\n"
                         "[2025-10-20 21:04:03] Manual selection winner: Right Fencer (Green Lamp)\n");
  EXPECT_THAT(log.phrase.touches, ElementsAre(TouchOf(Side::left, 4.809), TouchOf(Side::right, 5.038)));
  ASSERT_TRUE(log.phrase.lockout);
  EXPECT_DOUBLE_EQ(log.phrase.lockout->start, 4.832);
  EXPECT_DOUBLE_EQ(log.phrase.lockout->length, 0.2);
  EXPECT_THAT(log.phrase.blade_contacts, ElementsAre(2.257, 5.160));
  EXPECT_EQ(log.phrase.start, 0.0);
  EXPECT_EQ(log.phrase.end, 5.081);
  EXPECT_EQ(log.human_verdict, types::HumanVerdict::right);
  EXPECT_THAT(log.warnings, IsEmpty());
}

TEST(ScoringLog, SwapsTheSidesOnlyWhereTheBoxDoes) {
  const std::string text = header + " 1.000s | HIT: Left scores on Right!\n";
  EXPECT_THAT(parsed(text).phrase.touches, ElementsAre(TouchOf(Side::right, 1.0)));
  EXPECT_THAT(parsed(text, {.sides_swapped = false}).phrase.touches, ElementsAre(TouchOf(Side::left, 1.0)));
}

TEST(ScoringLog, BelievesTheLampsLineWhereTheHitsDisagree) {
  const std::string hit = header + " 1.000s | HIT: Left scores on Right!\n";
  const Log moved = parsed(hit + "Scores -> Fencer 1: MISS, Fencer 2: HIT\n");
  EXPECT_THAT(moved.phrase.touches, ElementsAre(TouchOf(Side::left, 1.0)));
  EXPECT_THAT(moved.warnings, SizeIs(2));

  const Log none = parsed(hit + "Scores -> Fencer 1: MISS, Fencer 2: MISS\n");
  EXPECT_THAT(none.phrase.touches, IsEmpty());
  EXPECT_THAT(none.warnings, SizeIs(1));

  const Log single =
      parsed(hit + " 1.100s | HIT: Simultaneous valid hits!\nScores -> Fencer 1: HIT, Fencer 2: MISS\n");
  EXPECT_THAT(single.phrase.touches, ElementsAre(TouchOf(Side::right, 1.0)));

  const Log both = parsed(hit + "Scores -> Fencer 1: HIT, Fencer 2: HIT\n");
  EXPECT_THAT(both.phrase.touches, ElementsAre(TouchOf(Side::left, 1.0), TouchOf(Side::right, 1.0)));
  EXPECT_THAT(both.warnings, ElementsAre(HasSubstr("left fencer")));
}

TEST(ScoringLog, TakesTheTimeOfALampWithoutAHitFromTheLockoutOrTheEnd) {
  const std::string lamp = "Scores -> Fencer 1: HIT, Fencer 2: MISS\n";
  EXPECT_THAT(
      parsed(" 2.0s | Lockout period started (0.200s window)\n 2.3s | Phrase recording ended\n" + lamp)
          .phrase.touches,
      ElementsAre(TouchOf(Side::right, 2.0)));
  EXPECT_THAT(parsed(" 2.3s | Phrase recording ended\n" + lamp).phrase.touches,
              ElementsAre(TouchOf(Side::right, 2.3)));
}

std::string refusal(const std::string& text) {
  const auto log = parse_log(text);
  EXPECT_FALSE(log.ok()) << text;
  if (log.ok()) return "";
  EXPECT_EQ(log.error().code, ErrorCode::no_time);
  return log.error().message;
}

TEST(ScoringLog, RefusesAHitThatHasNoTimeAtAll) {
  EXPECT_THAT(refusal("Scores -> Fencer 1: HIT, Fencer 2: MISS\n"), HasSubstr("line 1 (\"Scores -> "));
  EXPECT_TRUE(parse_log("Scores -> Fencer 1: MISS, Fencer 2: MISS\n").ok());
}

struct BothLampsCase {
  const char* name;
  const char* hits;
  double left;
  double right;
};

class BothLamps : public testing::TestWithParam<BothLampsCase> {};

TEST_P(BothLamps, AreReadWithAndWithoutTheLampsLine) {
  const auto& [name, hits, left, right] = GetParam();
  for (const char* lamps : {"", "Scores -> Fencer 1: HIT, Fencer 2: HIT\n"}) {
    const auto touches = parsed(header + hits + lamps).phrase.touches;
    ASSERT_THAT(touches, SizeIs(2)) << lamps;
    for (const Touch& touch : touches) EXPECT_EQ(touch.time, touch.scorer == Side::left ? left : right);
    EXPECT_LE(touches[0].time, touches[1].time);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, BothLamps,
    testing::Values(
        BothLampsCase{"Alone", " 1.5s | HIT: Simultaneous valid hits!\n", 1.5, 1.5},
        BothLampsCase{"OneSide",
                      " 1.4s | HIT: Left scores on Right!\n 1.5s | HIT: Simultaneous valid hits!\n", 1.5,
                      1.4},
        BothLampsCase{"Tagged",
                      " 1.4s | HIT: Right scores on Left!\n 1.5s | HIT: Simultaneous valid hits!\n"
                      " 1.5s | HIT: Left scores on Right! (simultaneous)\n",
                      1.4, 1.5},
        BothLampsCase{
            "BothTagged",
            " 1.5s | HIT: Simultaneous valid hits!\n 1.5s | HIT: Right scores on Left! (simultaneous)\n"
            " 1.5s | HIT: Left scores on Right! (simultaneous)\n",
            1.5, 1.5},
        BothLampsCase{"TwoPlain", " 1.4s | HIT: Left scores on Right!\n 1.6s | HIT: Right scores on Left!\n",
                      1.6, 1.4},
        BothLampsCase{"SameSideTwice",
                      " 1.4s | HIT: Left scores on Right!\n 1.6s | HIT: Left scores on Right!\n", 1.6, 1.4},
        BothLampsCase{"TwiceSimultaneous",
                      " 1.4s | HIT: Right scores on Left!\n 1.5s | HIT: Simultaneous valid hits!\n"
                      " 1.6s | HIT: Simultaneous valid hits!\n",
                      1.4, 1.5}),
    [](const auto& tested) { return tested.param.name; });

TEST(ScoringLog, TakesALineWrittenTwiceAsOneHit) {
  const std::string hit = " 1.4s | HIT: Left scores on Right!\n";
  EXPECT_THAT(parsed(hit + hit).phrase.touches, ElementsAre(TouchOf(Side::right, 1.4)));
}

TEST(ScoringLog, AcceptsAFrameNumberColumn) {
  const Log log = parsed(" 1.221s | frame 000036 | HIT: Left scores on Right!\n");
  EXPECT_THAT(log.phrase.touches, ElementsAre(TouchOf(Side::right, 1.221)));
}

TEST(ScoringLog, MergesBladeContactsWithinFiftyMilliseconds) {
  std::string text;
  for (const char* time : {"0.000", "0.016", "0.033", "0.066", "0.130", "0.181"}) {
    text += std::string(" ") + time + "s | Off-Target: Blade-to-blade contact.\n";
  }
  EXPECT_THAT(parsed(text).phrase.blade_contacts, ElementsAre(0.0, 0.130, 0.181));
}

TEST(ScoringLog, TakesTheLockoutThatFollowsTheFirstHit) {
  const std::string text =
      " 0.5s | Lockout period started (0.100s window)\n"
      " 1.0s | HIT: Left scores on Right!\n"
      " 1.1s | Lockout period started (0.300s window)\n"
      " 1.4s | Lockout period started (0.400s window)\n";
  const auto lockout = parsed(text).phrase.lockout;
  ASSERT_TRUE(lockout);
  EXPECT_EQ(lockout->start, 1.1);
  EXPECT_EQ(lockout->length, 0.3);
}

TEST(ScoringLog, HasALockoutOnlyWhereOneIsLogged) {
  EXPECT_FALSE(parsed(" 1.0s | HIT: Left scores on Right!\nLockout active (0.130s window)\n").phrase.lockout);
  for (const char* window : {"", " (", " (1e308s window)", " (-1s window)", " (nans window)"}) {
    const auto lockout =
        parsed(" 1.0s | Lockout period started" + std::string(window) + "\n", {.weapon = Weapon::foil})
            .phrase.lockout;
    ASSERT_TRUE(lockout) << window;
    EXPECT_EQ(lockout->length, 0.300) << window;
  }
}

TEST(ScoringLog, IsValidWithoutAHit) {
  const Log log =
      parsed(header + " 9.0s | Phrase recording ended\nScores -> Fencer 1: MISS, Fencer 2: MISS\n");
  EXPECT_THAT(log.phrase.touches, IsEmpty());
  EXPECT_FALSE(log.human_verdict);
  EXPECT_THAT(log.warnings, IsEmpty());
}

TEST(ScoringLog, RefusesNothingAtAll) {
  for (const char* text : {"", "\n", " \r\n\t\n", "\xEF\xBB\xBF"}) {
    const auto log = parse_log(text);
    ASSERT_FALSE(log.ok());
    EXPECT_EQ(log.error().code, ErrorCode::empty);
  }
}

TEST(ScoringLog, RefusesWhatNoScoringBoxWrites) {
  const std::string png("\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16);
  const std::string trailer = "[2025-10-20 21:04:03] Manual selection winner: Abstain\n";
  for (const std::string& text :
       {png, trailer, std::string("{\"winner\": \"left\"}"), std::string(1000, 'a')}) {
    const auto log = parse_log(text);
    ASSERT_FALSE(log.ok()) << text;
    EXPECT_EQ(log.error().code, ErrorCode::not_text);
    EXPECT_THAT(log.error().message, HasSubstr("expected"));
  }
}

TEST(ScoringLog, LosesOnlyTheLinesThatAreNotText) {
  const std::string bad = std::string("\0\x01\xFF\n", 4) + " 1.5s | HIT: Right scores on Left!\xC3\n";
  const Log log = parsed(header + bad + " 1.0s | HIT: Left scores on Right!\n");
  EXPECT_THAT(log.phrase.touches, ElementsAre(TouchOf(Side::right, 1.0)));
  EXPECT_THAT(log.warnings, ElementsAre(HasSubstr("line 7"), HasSubstr("line 8")));
  EXPECT_THAT(log.warnings[0], HasSubstr("\\x00\\x01\\xFF"));
}

TEST(ScoringLog, TakesAnyLineEndAndAByteOrderMark) {
  const std::string text =
      "\xEF\xBB\xBFPhrase 1 initialized at 2025-10-20 21:03:53\r\n"
      " 1.0s | HIT: Left scores on Right!\r\n"
      "Scores -> Fencer 1: HIT, Fencer 2: MISS\r\n"
      "[x] Confirmed result winner: Right Fencer (Green Lamp)";
  const Log log = parsed(text);
  EXPECT_THAT(log.phrase.touches, ElementsAre(TouchOf(Side::right, 1.0)));
  EXPECT_EQ(log.human_verdict, types::HumanVerdict::right);
  EXPECT_THAT(log.warnings, IsEmpty());
}

// A hit that is left out makes a clear single light of a double one: so it is never left out silently.
TEST(ScoringLog, RefusesAHitThatCannotBeReadAndNamesItsLine) {
  for (const char* line : {" 1e308s | HIT: Left scores on Right!",
                           " -1e308s | HIT: Left scores on Right!",
                           " -1.000s | HIT: Left scores on Right!",
                           " nans | HIT: Left scores on Right!",
                           " infs | HIT: Left scores on Right!",
                           " 1e999s | HIT: Left scores on Right!",
                           " 3600.001s | HIT: Left scores on Right!",
                           " 99999999999999999999s | HIT: Left scores on Right!",
                           " 1.0s | HIT: Left scores on Left!",
                           " 1.0s | HIT: Left scores",
                           " 1.0s | HIT: Rig",
                           " s | HIT: Left scores on Right!",
                           "HIT: Left scores on Right!",
                           "3190 | HIT: Left scores on Right!",
                           " 1.234,567s | HIT: Left scores on Right!",
                           "1.2.3s | HIT: Left scores on Right!",
                           "21:03:56.190 | HIT: Left scores on Right!",
                           "00:61.5 | HIT: Left scores on Right!",
                           " 1.0s | frame 12 HIT: Left scores on Right!",
                           " 1.0s - HIT: Left scores on Right!",
                           " 3.1x | HIT: Left scores on Right!",
                           " 3.1sx | HIT: Left scores on Right!",
                           " 3\xFF.1s | HIT: Left scores on Right!"}) {
    EXPECT_THAT(refusal(header + line), HasSubstr("line 7 (\"")) << line;
    EXPECT_THAT(refusal(header + line), HasSubstr("expected lines like")) << line;
    const Log log = parsed(header + " 1.5s | HIT: Right scores on Left!\n" + line +
                           "\nScores -> Fencer 1: HIT, Fencer 2: HIT\n");
    EXPECT_THAT(log.doubt, HasSubstr("line 8 (\"")) << line;
    EXPECT_THAT(log.warnings, testing::Contains(HasSubstr("line 8"))) << line;
  }
}

TEST(ScoringLog, LeavesOutOtherEventsThatCannotBeRead) {
  const Log log = parsed(header + " nans | Off-Target: Blade-to-blade contact.\n");
  EXPECT_THAT(log.phrase.blade_contacts, IsEmpty());
  EXPECT_THAT(log.warnings, ElementsAre(HasSubstr("line 7")));
  EXPECT_EQ(log.doubt, "");
}

TEST(ScoringLog, NeverTakesAHitFromALineOfAPersonOrMachine) {
  for (const char* line : {"[x] 1.0s | HIT: Left scores on Right!",
                           " 1.0s | HIT: Left scores on Right! winner", " 1.0s | Something else"}) {
    EXPECT_THAT(parsed(header + line).phrase.touches, IsEmpty()) << line;
  }
}

TEST(ScoringLog, ReadsTimesAsProgramsAndCountriesWriteThem) {
  for (const char* time : {"62.5s", "62,5s", "62,500 s",
                           "\xC2\xA0"
                           "62.5s\xC2\xA0",
                           "62,5\xE2\x80\xAFs", "62.5", "62,5 ", "1:02.5", "01:02,500", "00:01:02.500",
                           "01:02.5s", "62500ms", "62500 ms", "62.5 sec", "62.5seconds"}) {
    const Log log = parsed(header + time + " | HIT: Left scores on Right!\n");
    EXPECT_THAT(log.phrase.touches, ElementsAre(TouchOf(Side::right, 62.5))) << time;
    EXPECT_THAT(log.warnings, IsEmpty()) << time;
  }
}

TEST(ScoringLog, ReadsALengthWithACommaOrInMilliseconds) {
  for (const char* window : {"(0,250s window)", "(250ms window)", "(0.250 s window)"}) {
    const auto lockout =
        parsed(" 1,0s | Lockout period started " + std::string(window) + "\n").phrase.lockout;
    ASSERT_TRUE(lockout) << window;
    EXPECT_EQ(lockout->length, 0.25) << window;
  }
}

std::string utf16(const std::string& ascii, bool big, bool mark) {
  std::string out;
  const auto unit = [&](unsigned code) {
    const char high = static_cast<char>(code >> 8);
    const char low = static_cast<char>(code & 0xFF);
    out += big ? high : low;
    out += big ? low : high;
  };
  if (mark) unit(0xFEFF);
  for (const char c : ascii) unit(static_cast<unsigned char>(c));  // Latin-1, so 0xA0 is a no-break space
  return out;
}

// As PowerShell's > and Notepad's "Unicode" write it.
TEST(ScoringLog, ReadsUtf16) {
  for (const bool big : {false, true}) {
    for (const bool mark : {false, true}) {
      const Log log = parsed(utf16(header + "\xA0"
                                            "1.5s | HIT: Left scores on Right!\r\n",
                                   big, mark));
      EXPECT_THAT(log.phrase.touches, ElementsAre(TouchOf(Side::right, 1.5))) << big << mark;
      EXPECT_THAT(log.warnings, IsEmpty());
    }
  }
  EXPECT_TRUE(parse_log(utf16(header, false, true) + "\n").ok());  // half a letter at the end
  const std::string lone = utf16(header, false, true) + std::string("\x00\xD8\x0A\x00", 4);
  EXPECT_TRUE(parse_log(lone).ok());  // half a surrogate pair
}

TEST(ScoringLog, TakesCarriageReturnsAloneAsLineEnds) {
  const Log log = parsed(" 1.0s | HIT: Left scores on Right!\r 2.0s | Phrase recording ended\r");
  EXPECT_THAT(log.phrase.touches, ElementsAre(TouchOf(Side::right, 1.0)));
  EXPECT_EQ(log.phrase.end, 2.0);
}

TEST(ScoringLog, PutsEventsInOrder) {
  const Log log = parsed(
      " 2.0s | HIT: Left scores on Right!\n 1.9s | HIT: Right scores on Left!\n"
      " 1.5s | Off-Target: Blade-to-blade contact.\n 1.0s | Off-Target: Blade-to-blade contact.\n");
  EXPECT_THAT(log.phrase.touches, ElementsAre(TouchOf(Side::left, 1.9), TouchOf(Side::right, 2.0)));
  EXPECT_THAT(log.phrase.blade_contacts, ElementsAre(1.0, 1.5));
  EXPECT_THAT(log.warnings, SizeIs(1));
}

TEST(ScoringLog, TakesThePhraseThatTheVideoShowsAndAsksForALook) {
  const std::string first =
      " 1.0s | HIT: Left scores on Right!\n 2.0s | Phrase recording ended\n"
      "[x] Manual selection winner: Right Fencer\n";
  const std::string second = " 3.0s | HIT: Right scores on Left!\n 4.2s | Phrase recording ended\n";
  const std::string started = " 0.000s | Phrase recording started\n";
  for (const std::string& between : {header, started}) {
    const std::string text = header + first + between + second;
    for (const auto& [video_end, side, time] : {std::tuple{std::optional<double>(), Side::right, 1.0},
                                                std::tuple{std::optional(2.2), Side::right, 1.0},
                                                std::tuple{std::optional(4.0), Side::left, 3.0}}) {
      const Log log = parsed(text, {.video_end = video_end});
      EXPECT_THAT(log.phrase.touches, ElementsAre(TouchOf(side, time)));
      EXPECT_EQ(log.human_verdict.has_value(), side == Side::right);
      EXPECT_EQ(log.doubt, "the log holds 2 phrases");
      EXPECT_THAT(log.ends, ElementsAre(2.0, 4.2));
      ASSERT_THAT(log.warnings, SizeIs(1));
      EXPECT_THAT(log.warnings[0], testing::AllOf(HasSubstr("2.000 s"), HasSubstr("4.200 s")));
    }
  }
}

TEST(ScoringLog, ABeginningWithoutEventsIsNoSecondPhrase) {
  const Log log = parsed(header + " 1.0s | HIT: Left scores on Right!\n" +
                         "Phrase 11 initialized at 2025-10-20 21:04:53\n");
  EXPECT_THAT(log.phrase.touches, ElementsAre(TouchOf(Side::right, 1.0)));
  EXPECT_EQ(log.doubt, "");
}

TEST(ScoringLog, OfTwoDoubleHitsTakesTheLastThatTheVideoShows) {
  const std::string hits =
      " 1.0s | HIT: Left scores on Right!\n 1.1s | HIT: Right scores on Left!\n"
      " 3.0s | HIT: Right scores on Left!\n 3.1s | HIT: Simultaneous valid hits!\n";
  const std::string lamps = "Scores -> Fencer 1: HIT, Fencer 2: HIT\n";
  const auto early = ElementsAre(TouchOf(Side::right, 1.0), TouchOf(Side::left, 1.1));
  const auto late = ElementsAre(TouchOf(Side::left, 3.0), TouchOf(Side::right, 3.1));
  for (const std::string& text : {header + hits, header + hits + lamps}) {
    EXPECT_THAT(parsed(text, {.video_end = 2}).phrase.touches, early);
    EXPECT_THAT(parsed(text, {.video_end = 4}).phrase.touches, late);
    const Log log = parsed(text);
    EXPECT_THAT(log.phrase.touches, late);
    EXPECT_EQ(log.doubt, "the log holds 2 double hits");
    ASSERT_THAT(log.warnings, SizeIs(1));
    EXPECT_THAT(log.warnings[0], testing::AllOf(HasSubstr("1.000 s"), HasSubstr("3.000 s")));
  }
  // A lamp that is lit once more, late, is no second double hit.
  EXPECT_EQ(parsed(header + " 1.0s | HIT: Left scores on Right!\n 3.0s | HIT: Right scores on Left!\n").doubt,
            "");
}

TEST(ScoringLog, TakesAHumanVerdictFromAPersonOnly) {
  for (const char* machine :
       {"Winner: Left", "[x] Remote referee winner: Left Fencer (Red Lamp)",
        "[x] Remote referee winner overrides manual selection: Left Fencer (Red Lamp)",
        "[x] Remote referee status=SUCCESS, winner=left | Winner: Left Fencer (Red Lamp)",
        "[x] Broadcast: Manual selection winner: Left Fencer (Red Lamp)",
        "[x] Manual selection winner: Somebody", "[Manual selection winner: Left Fencer (Red Lamp)"}) {
    EXPECT_FALSE(parsed(header + machine).human_verdict) << machine;
  }
  EXPECT_EQ(parsed(header + "[x] Manual selection winner: Abstain").human_verdict,
            types::HumanVerdict::abstain);
  const Log corrected = parsed(header +
                               "[x] Manual selection winner: Left Fencer (Red Lamp)\n"
                               "[x] Confirmed result winner: Right Fencer (Green Lamp)\n");
  EXPECT_EQ(corrected.human_verdict, types::HumanVerdict::right);
}

TEST(ScoringLog, KnowsHitsOffTargetInFoilOnly) {
  const std::string text =
      header + " 1.0s | Off-Target: Left scores on Right!\n 1.2s | HIT: Right scores on Left!\n";
  EXPECT_THAT(parsed(text, {.weapon = Weapon::foil}).phrase.touches,
              ElementsAre(OffTargetOf(Side::right, 1.0), TouchOf(Side::left, 1.2)));
  EXPECT_THAT(parsed(text).phrase.touches, ElementsAre(TouchOf(Side::left, 1.2)));
  const std::string lamps = text + "Scores -> Fencer 1: OFF-TARGET, Fencer 2: HIT\n";
  EXPECT_THAT(parsed(lamps, {.weapon = Weapon::foil}).phrase.touches,
              ElementsAre(OffTargetOf(Side::right, 1.0), TouchOf(Side::left, 1.2)));
  EXPECT_THAT(parsed(lamps, {.weapon = Weapon::epee}).phrase.touches, ElementsAre(TouchOf(Side::left, 1.2)));
}

TEST(ScoringLog, KeepsItsOutputSmallForHugeInput) {
  std::string text = header;
  for (int i = 0; i < 200'000; ++i)
    text +=
        " nans | HIT: Left scores on Right!\n 1.0s | HIT: Left scores on Right!\n 1.0s | Off-Target: "
        "Blade-to-blade contact.\n";
  text += std::string(5'000'000, '9') + "\xFF";
  const Log log = parsed(text);
  EXPECT_THAT(log.phrase.blade_contacts, ElementsAre(1.0));
  ASSERT_THAT(log.warnings, SizeIs(21));
  EXPECT_EQ(log.warnings.back(), "and 199981 more");
  for (const auto& warning : log.warnings) EXPECT_LT(warning.text.size(), 500U);
}

}  // namespace
}  // namespace piste::scoring
