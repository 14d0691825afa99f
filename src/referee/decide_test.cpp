#include "referee/decide.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <random>
#include <regex>

#include "referee/hits.h"
#include "referee/test_phrases.h"
#include "render/motion.h"

namespace piste::referee {
namespace {

using types::Side;
using types::Winner;

Drawn walking(OverTime speed) {
  Drawn fencer;
  fencer.speed = std::move(speed);
  return fencer;
}

const Drawn keeps_advancing = walking(constantly(1.5));
const Drawn stops_at_one = walking(between_times(1.0, 1.3, 0, 1.5));

types::Tracks walk(const Drawn& left, const Drawn& right) {
  return drawn(left, right, {.distance = 5});
}

TEST(Decide, SingleLight_GoesToThatSide) {
  types::Phrase phrase;
  phrase.touches = {{Side::right, 1.8, true}};
  EXPECT_EQ(decide(walk(keeps_advancing, keeps_advancing), phrase).winner, Winner::right);
}

TEST(Decide, NoLight_IsNoTouch) {
  EXPECT_EQ(decide(walk(keeps_advancing, keeps_advancing), {}).winner, Winner::none);
}

TEST(Decide, BothLights_TheFencerWhoStoppedLoses) {
  const auto verdict = decide(walk(keeps_advancing, stops_at_one), both_lights(1.8));
  EXPECT_EQ(verdict.winner, Winner::left);
  EXPECT_NE(verdict.reason.text.find("right stopped at 1."), std::string::npos) << verdict.reason;
  EXPECT_GT(verdict.confidence, 0.65);
  EXPECT_FALSE(verdict.trace.empty());
}

TEST(Decide, Pauses_AreAmongTheActions) {
  const auto verdict = decide(walk(keeps_advancing, stops_at_one), both_lights(1.8));
  int pauses = 0;
  for (const auto& action : verdict.actions)
    if (action.kind == "pause" && action.side == Side::right) {
      ++pauses;
      EXPECT_NEAR(action.start, 1.0, 0.1);
      EXPECT_NEAR(action.end, 1.3, 0.1);
    }
  EXPECT_EQ(pauses, 1);
}

TEST(Decide, NoTracks_AbstainsAndAsksForAPerson) {
  const auto verdict = decide({}, both_lights(1.8));
  EXPECT_EQ(verdict.winner, Winner::none);
  EXPECT_TRUE(verdict.review);
}

// --- the trace ---

double signed_sum(const types::Verdict& verdict) {
  double sum = 0;
  for (const auto& finding : verdict.trace)
    if (finding.favours) sum += *finding.favours == Side::left ? finding.weight : -finding.weight;
  return sum;
}

double listed_simultaneous(const types::Verdict& verdict) {
  for (const auto& finding : verdict.trace)
    if (finding.kind == "simultaneous") return finding.value;
  return 0;
}

// Phrases of every kind, from a fixed seed: speeds that change at random.
types::Tracks some_phrase(std::mt19937& random, bool displacements = false) {
  std::uniform_real_distribution<double> speed(-1.5, 3.0);
  const auto fencer = [&] {
    std::vector<double> speeds;
    for (int i = 0; i < 6; ++i) speeds.push_back(speed(random));
    return walking([speeds](double time) {
      return speeds[std::min<std::size_t>(5, static_cast<std::size_t>(time * 3))];
    });
  };
  const Drawn left = fencer();
  const Drawn right = fencer();
  const double fps = random() % 2 ? 30.0 : 15.0;
  types::Tracks tracks = drawn(left, right, {.fps = fps, .unit = displacements ? 1.0 : 120.0, .distance = 5});
  tracks.displacements = displacements;
  return tracks;
}

types::Phrase some_log(std::mt19937& random, types::Weapon weapon) {
  types::Phrase phrase = both_lights(1.7);
  if (random() % 2) phrase.blade_contacts = {1.2, 1.4};
  if (random() % 4 == 0) phrase.touches.pop_back();
  if (weapon == types::Weapon::foil && random() % 2) phrase.touches.front().valid = false;
  if (random() % 2) std::swap(phrase.touches.front().scorer, phrase.touches.back().scorer);
  if (phrase.touches.size() == 1) phrase.touches.front().scorer = random() % 2 ? Side::left : Side::right;
  return phrase;
}

TEST(Trace, RedrawsTheDecision) {
  std::mt19937 random(1);
  int called = 0;
  for (int i = 0; i < 200; ++i) {
    const auto verdict = decide(some_phrase(random, i % 2 == 0), both_lights(1.7));
    const double sum = signed_sum(verdict);
    if (verdict.winner == Winner::none) {
      // Some of them never come near each other.
      const bool no_fencing = verdict.reason.text.find("no fencing") != std::string::npos;
      EXPECT_TRUE(no_fencing ? verdict.trace.empty() : listed_simultaneous(verdict) > 0) << verdict.reason;
      continue;
    }
    ++called;
    EXPECT_EQ(verdict.winner, sum > 0 ? Winner::left : Winner::right);
    EXPECT_NEAR(verdict.confidence, (1 - listed_simultaneous(verdict)) / (1 + std::exp(-std::abs(sum))),
                1e-12);
  }
  EXPECT_GT(called, 150);
}

TEST(Trace, IsInOrderAndComplete) {
  const auto verdict = decide(walk(keeps_advancing, stops_at_one), both_lights(1.8));
  double time = 0;
  for (const auto& finding : verdict.trace) {
    EXPECT_GE(finding.time, time);
    EXPECT_EQ(finding.frame, std::lround(finding.time * 30));
    EXPECT_FALSE(finding.kind.empty());
    EXPECT_FALSE(finding.text.empty());
    EXPECT_FALSE(finding.rule.empty());
    EXPECT_GT(finding.weight, 0);
    time = finding.time;
  }
}

TEST(Trace, TheReasonNamesTheWeightiestFindingWithANameForTheWinner) {
  std::mt19937 random(2);
  for (int i = 0; i < 100; ++i) {
    const auto verdict = decide(some_phrase(random), both_lights(1.7));
    if (verdict.winner == Winner::none) continue;
    const Side winner = verdict.winner == Winner::left ? Side::left : Side::right;
    const auto rank = [](const types::Finding& finding) {
      return !finding.named ? 2 : finding.kind == "course" ? 1 : 0;  // course: what the networks saw
    };
    const types::Finding* best = nullptr;
    for (const auto& finding : verdict.trace) {
      if (finding.favours != winner) continue;
      if (!best || rank(finding) < rank(*best) ||
          (rank(finding) == rank(*best) && finding.weight > best->weight))
        best = &finding;
    }
    ASSERT_TRUE(best);
    const std::string reason = best->named ? best->text.text.substr(1) : "by little";
    EXPECT_NE(verdict.reason.text.find(reason), std::string::npos) << verdict.reason;
    EXPECT_NE(verdict.reason.text.find(to_string(winner)), std::string::npos) << verdict.reason;
    EXPECT_EQ(verdict.reason_code.side, winner);
    EXPECT_EQ(verdict.reason_code.code == "attack_by_little", !best->named);
  }
}

TEST(Trace, SpeaksAsARefereeDoes) {
  std::mt19937 random(5);
  for (int i = 0; i < 200; ++i) {
    const auto verdict = decide(some_phrase(random, i % 3 == 0), both_lights(1.7));
    for (const auto& finding : verdict.trace) {
      if (!finding.named) continue;
      for (const char* never : {"whole", "against", "learned", "nan"})
        EXPECT_EQ(finding.text.text.find(never), std::string::npos) << finding.text;
    }
    EXPECT_EQ(verdict.reason.text.find("learned"), std::string::npos) << verdict.reason;
  }
}

TEST(Trace, WhoHasNotBegunDoesNotStop) {
  const auto verdict = decide(walk(keeps_advancing, walking(constantly(0))), both_lights(1.8));
  EXPECT_EQ(verdict.winner, Winner::left);
  for (const auto& finding : verdict.trace)
    EXPECT_EQ(finding.text.text.find("stopped"), std::string::npos) << finding.text;
  EXPECT_NE(verdict.reason.text.find("while right stood still"), std::string::npos) << verdict.reason;
}

TEST(Trace, WhoOnlyTwitchedDoesNotStop) {
  const auto verdict =
      decide(walk(keeps_advancing, walking(between_times(1.3, 1.36, 1.0, 0))), both_lights(1.8));
  EXPECT_EQ(verdict.winner, Winner::left);
  for (const auto& finding : verdict.trace)
    EXPECT_EQ(finding.text.text.find("stopped"), std::string::npos) << finding.text;
}

TEST(Trace, WhoCameForwardEarlierIsToldWithTheTime) {
  const Drawn first = walking(between_times(0.8, 2.0, 1.6, 0)),
              second = walking(between_times(1.2, 2.0, 1.6, 0));
  const auto verdict = decide(walk(first, second), both_lights(1.8));
  EXPECT_EQ(verdict.winner, Winner::left);
  ASSERT_TRUE(verdict.began);
  EXPECT_EQ(verdict.began->side, Side::left);
  EXPECT_NEAR(verdict.began->time, 0.8, 0.1);
  EXPECT_NEAR(verdict.began->by.value_or(0), 0.4, 0.05);
  const auto stop = std::find_if(verdict.trace.begin(), verdict.trace.end(),
                                 [](const auto& finding) { return finding.kind == "last_stop"; });
  ASSERT_NE(stop, verdict.trace.end());
  EXPECT_TRUE(std::regex_match(
      stop->text.text,
      std::regex("Left came forward from 0\\.[67]. s, right only from 1\\.1. s, 0\\.4. s later")))
      << stop->text;
}

TEST(Trace, NobodyBeganWhereNobodyComesForward) {
  EXPECT_FALSE(decide(walk(walking(constantly(0)), walking(constantly(-1))), both_lights(1.8)).began);
  EXPECT_FALSE(decide({}, both_lights(1.8)).began);
}

// --- symmetry ---

std::string with_sides_swapped(std::string text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto next = [&](std::string_view word) { return text.compare(i, word.size(), word) == 0; };
    if (next("left") || next("Left")) {
      out += text[i] == 'L' ? "Right" : "right";
      i += 4;
    } else if (next("right") || next("Right")) {
      // "right of way" is no side
      const bool way = text.compare(i, 12, "right of way") == 0;
      out += way ? "right" : text[i] == 'R' ? "Left" : "left";
      i += 5;
    } else {
      out += text[i++];
    }
  }
  return out;
}

Winner swapped(Winner winner) {
  if (winner == Winner::left) return Winner::right;
  return winner == Winner::right ? Winner::left : winner;
}

void expect_mirror_images(const std::optional<types::Attribution>& a,
                          const std::optional<types::Attribution>& b) {
  ASSERT_EQ(a.has_value(), b.has_value());
  if (!a) return;
  EXPECT_NE(a->fencer, b->fencer);
  EXPECT_EQ(a->joints, b->joints);
  EXPECT_EQ(a->from, b->from);
  EXPECT_EQ(a->to, b->to);
  EXPECT_EQ(a->log_odds, -b->log_odds);
}

// All that is said can be said in another language.
void expect_codes(const types::Verdict& verdict) {
  EXPECT_FALSE(verdict.reason.sentences.empty()) << verdict.reason;
  EXPECT_EQ(verdict.review, !verdict.review_reason.sentences.empty()) << verdict.review_reason;
  for (const auto& finding : verdict.trace) EXPECT_EQ(finding.text.sentences.size(), 1U) << finding.text;
}

void expect_mirror_images(const types::Verdict& a, const types::Verdict& b) {
  EXPECT_EQ(a.winner, swapped(b.winner));
  EXPECT_EQ(a.confidence, b.confidence);
  EXPECT_EQ(a.review, b.review);
  EXPECT_EQ(a.reason, with_sides_swapped(b.reason));
  EXPECT_FALSE(a.reason_code.code.empty()) << a.reason;
  EXPECT_EQ(a.reason_code.code, b.reason_code.code);
  EXPECT_EQ(a.reason_code.side.has_value(), b.reason_code.side.has_value());
  EXPECT_EQ(a.review_reason, with_sides_swapped(b.review_reason));
  ASSERT_EQ(a.trace.size(), b.trace.size());
  expect_codes(a);
  for (std::size_t i = 0; i < a.trace.size(); ++i) {
    EXPECT_EQ(a.trace[i].kind, b.trace[i].kind);
    EXPECT_EQ(a.trace[i].time, b.trace[i].time);
    EXPECT_EQ(a.trace[i].weight, b.trace[i].weight);
    EXPECT_EQ(a.trace[i].favours.has_value(), b.trace[i].favours.has_value());
    if (a.trace[i].favours) {
      EXPECT_NE(*a.trace[i].favours, *b.trace[i].favours);
    }
    EXPECT_EQ(a.trace[i].text, with_sides_swapped(b.trace[i].text));
    expect_mirror_images(a.trace[i].saw, b.trace[i].saw);
  }
  ASSERT_EQ(a.actions.size(), b.actions.size());
}

class AnyWeapon : public testing::TestWithParam<types::Weapon> {};

TEST_P(AnyWeapon, SwappingTheFencersSwapsTheVerdictExactly) {
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i) {
    const types::Tracks tracks = some_phrase(random, i % 5 == 0);
    const types::Phrase phrase = some_log(random, GetParam());
    const Options options{.weapon = GetParam()};
    SCOPED_TRACE(i);
    expect_mirror_images(decide(tracks, phrase, options),
                         decide(mirrored(tracks), mirrored(phrase), options));
  }
}

INSTANTIATE_TEST_SUITE_P(Weapons, AnyWeapon,
                         testing::Values(types::Weapon::sabre, types::Weapon::foil, types::Weapon::epee));

// --- what nobody would draw ---

// Joints that are no numbers or beyond all, frames and fencers that are missing, a log of another time.
void spoil(std::mt19937& random, types::Tracks& tracks, types::Phrase& phrase) {
  const auto one_in = [&](unsigned n) { return random() % n == 0; };
  constexpr std::array<float, 5> wrong{NAN, INFINITY, 1e30F, -3e38F, 1e-38F};
  const bool joints = one_in(2), unseen = one_in(3);
  const unsigned lost = one_in(3) ? 2 : 1000;
  for (std::size_t i = tracks.left.points.size(); i-- > 0;)
    if (one_in(lost))
      for (const Side side : types::both_sides)
        tracks[side].points.erase(tracks[side].points.begin() + static_cast<std::ptrdiff_t>(i));
  for (const Side side : types::both_sides)
    for (auto& point : tracks[side].points) {
      if (unseen && one_in(4)) point = {point.number, point.time, false, false, {}};
      for (auto& joint : point.keypoints)
        if (joints && one_in(20)) joint.x = wrong[random() % wrong.size()];
    }
  constexpr std::array<double, 8> shifts{-1e300, -3, -1, 0, 0, 0.5, 4, NAN};
  const double shift = shifts[random() % shifts.size()];
  for (auto& touch : phrase.touches) touch.time += shift;
}

bool is_number_in_order(const types::Verdict& verdict) {
  const std::regex no_number("\\b(nan|inf)\\b");
  for (const auto& finding : verdict.trace)
    if (!std::isfinite(finding.weight) || !std::isfinite(finding.value) ||
        std::regex_search(finding.text.text, no_number))
      return false;
  return verdict.confidence >= 0.0 && verdict.confidence < 1;
}

TEST(WhatNobodyWouldDraw, IsJudgedInNumbersAndLikeItsMirrorImage) {
  std::mt19937 random(7);
  for (int i = 0; i < 300; ++i) {
    types::Tracks tracks = some_phrase(random, i % 5 == 0);
    types::Phrase phrase = both_lights(1.7);
    spoil(random, tracks, phrase);
    const auto one = decide(tracks, phrase);
    const auto other = decide(mirrored(tracks), mirrored(phrase));
    SCOPED_TRACE(i);
    EXPECT_TRUE(is_number_in_order(one)) << one.reason;
    EXPECT_EQ(one.winner, swapped(other.winner));
    EXPECT_EQ(one.confidence, other.confidence);
    EXPECT_EQ(one.review, other.review);
    EXPECT_EQ(signed_sum(one), -signed_sum(other));
  }
}

TEST(Decide, AMirrorImageOfItselfIsNobodys) {
  types::Tracks tracks = walk(stops_at_one, keeps_advancing);
  for (auto& point : tracks.left.points)
    for (auto& joint : point.keypoints) joint.x -= 300;
  tracks.right.points = mirrored(tracks).right.points;
  types::Phrase phrase = both_lights(1.8);
  phrase.touches[1].time = 1.8;
  const auto verdict = decide(tracks, phrase);
  EXPECT_EQ(verdict.winner, Winner::none) << verdict.reason;
  EXPECT_TRUE(verdict.review);
}

// --- review ---

TEST(Review, BelowTheSetting_TheWinnerStays) {
  const auto sure = decide(walk(keeps_advancing, stops_at_one), both_lights(1.8), {.review_below = 0.1});
  const auto unsure = decide(walk(keeps_advancing, stops_at_one), both_lights(1.8), {.review_below = 0.999});
  EXPECT_FALSE(sure.review);
  EXPECT_TRUE(sure.review_reason.empty());
  EXPECT_TRUE(unsure.review);
  EXPECT_FALSE(unsure.review_reason.empty());
  EXPECT_EQ(unsure.winner, Winner::left);
  EXPECT_EQ(sure.confidence, unsure.confidence);
}

TEST(Review, AFencerWhoIsNotSeen) {
  types::Tracks tracks = walk(keeps_advancing, stops_at_one);
  for (auto& point : tracks.right.points)
    if (point.time > 1.1) point.seen = false;
  const auto verdict = decide(tracks, both_lights(1.8));
  EXPECT_TRUE(verdict.review);
  EXPECT_NE(verdict.review_reason.text.find("right fencer is seen in only"), std::string::npos)
      << verdict.review_reason;
}

TEST(Review, AVideoThatEndsBeforeTheHit) {
  const auto verdict = decide(walk(keeps_advancing, stops_at_one), both_lights(2.6));
  EXPECT_TRUE(verdict.review);
  EXPECT_EQ(verdict.review_reason, "the video ends 0.60 s before the hit");
}

TEST(Review, AVideoThatBeginsLate) {
  types::Tracks tracks = walk(keeps_advancing, stops_at_one);
  for (const Side side : types::both_sides)
    std::erase_if(tracks[side].points, [](const auto& point) { return point.time < 1.5; });
  const auto verdict = decide(tracks, both_lights(1.8));
  EXPECT_TRUE(verdict.review);
  EXPECT_EQ(verdict.review_reason, "the video begins only 0.30 s before the hit");
}

TEST(Review, ALogOfAnotherPhrase) {
  types::Phrase phrase = both_lights(1.8);
  phrase.end = 9.0;
  const auto verdict = decide(walk(keeps_advancing, stops_at_one), phrase);
  EXPECT_TRUE(verdict.review);
  EXPECT_NE(verdict.review_reason.text.find("they may not belong together"), std::string::npos);
}

TEST(Review, AHitInAHole) {
  types::Tracks tracks = walk(keeps_advancing, stops_at_one);
  for (const Side side : types::both_sides)
    std::erase_if(tracks[side].points, [](const auto& point) { return std::abs(point.time - 1.8) < 0.12; });
  const auto verdict = decide(tracks, both_lights(1.8));
  EXPECT_TRUE(verdict.review);
  EXPECT_NE(verdict.review_reason.text.find("no frame is nearer than 0.1"), std::string::npos)
      << verdict.review_reason;
}

TEST(Review, AHoleJustBeforeTheHit) {
  const auto without = [](double from, double to) {
    types::Tracks tracks = walk(keeps_advancing, stops_at_one);
    for (const Side side : types::both_sides)
      std::erase_if(tracks[side].points,
                    [&](const auto& point) { return point.time > from && point.time < to; });
    return decide(tracks, both_lights(1.8));
  };
  const auto verdict = without(1.25, 1.75);
  EXPECT_TRUE(verdict.review);
  EXPECT_EQ(verdict.review_reason, "no frame shows what happened from 1.23 s to 1.77 s, just before the hit");
  EXPECT_TRUE(without(0.45, 0.95).review) << "it reaches into the last second";
  EXPECT_EQ(without(1.45, 1.75).review_reason.text.find("no frame shows"), std::string::npos)
      << "it is bridged";
  EXPECT_EQ(without(0.1, 0.7).review_reason.text.find("no frame shows"), std::string::npos)
      << "it was before";
}

TEST(Review, AVideoMuchLongerThanTheLog) {
  types::Phrase phrase = both_lights(1.2);
  phrase.end = 1.45;  // the video has 2 s
  const auto verdict = decide(walk(keeps_advancing, stops_at_one), phrase);
  EXPECT_NE(verdict.review_reason.text.find("they may not belong together"), std::string::npos);
  phrase.end = 1.55;
  EXPECT_EQ(decide(walk(keeps_advancing, stops_at_one), phrase).review_reason.text.find("belong together"),
            std::string::npos);
}

TEST(Review, WhatWasDoubtedBeforeTheDecision) {
  types::Phrase one;
  one.touches = {{Side::right, 1.8, true}};
  const auto tracks = walk(keeps_advancing, stops_at_one);
  EXPECT_EQ(decide(tracks, one, {.log_doubt = "two phrases"}).review_reason, "two phrases");
  EXPECT_FALSE(decide(tracks, one, {.clock_doubt = "two clocks"}).review);  // the lamp decides
  EXPECT_FALSE(decide(tracks, one, {.picture_doubt = "stretched"}).review);
  EXPECT_EQ(decide(tracks, both_lights(1.8), {.picture_doubt = "stretched"}).review_reason, "stretched");
  const auto verdict =
      decide(tracks, both_lights(1.8), {.log_doubt = "two phrases", .clock_doubt = "two clocks"});
  EXPECT_TRUE(verdict.review);
  EXPECT_EQ(verdict.review_reason, "two phrases; two clocks");
}

TEST(Review, WhatTheLampsDecideNeedsNoVideo) {
  types::Phrase phrase;
  phrase.touches = {{Side::right, 1.8, true}};
  EXPECT_FALSE(decide({}, phrase).review);
}

// --- weapons ---

TEST(Weapons, Epee_BothLampsAreATouchForEach) {
  const auto verdict =
      decide(walk(keeps_advancing, stops_at_one), both_lights(1.8), {.weapon = types::Weapon::epee});
  EXPECT_EQ(verdict.winner, Winner::both);
  EXPECT_FALSE(verdict.review);
}

TEST(Weapons, Epee_TheFirstHitAloneCountsAfterFiftyMilliseconds) {
  types::Phrase phrase = both_lights(1.8);
  phrase.touches[1].time = 1.87;
  const auto verdict = decide(walk(stops_at_one, keeps_advancing), phrase, {.weapon = types::Weapon::epee});
  EXPECT_EQ(verdict.winner, Winner::left);
}

TEST(Weapons, Foil_AnAttackThatLandsOffTargetIsNoTouch) {
  types::Phrase phrase = both_lights(1.8);
  phrase.touches[0].valid = false;
  const auto verdict = decide(walk(keeps_advancing, stops_at_one), phrase, {.weapon = types::Weapon::foil});
  EXPECT_EQ(verdict.winner, Winner::none);
  EXPECT_NE(verdict.reason.text.find("left hit off the target: attack from the left"), std::string::npos)
      << verdict.reason;
  EXPECT_EQ(verdict.reason_code.code, "priority_off_target");
  EXPECT_EQ(verdict.reason_code.side, Side::left);
}

TEST(Weapons, Foil_TheAttackScoresWhenTheCounterAttackIsOffTarget) {
  types::Phrase phrase = both_lights(1.8);
  phrase.touches[1].valid = false;
  const auto verdict = decide(walk(keeps_advancing, stops_at_one), phrase, {.weapon = types::Weapon::foil});
  EXPECT_EQ(verdict.winner, Winner::left);
}

TEST(Weapons, Foil_AWhiteLampStopsThePhrase) {
  types::Phrase phrase = both_lights(1.2);
  phrase.touches[0].valid = false;
  phrase.touches[1].time = 1.8;  // void: it comes after the lockout
  const auto verdict = decide(walk(keeps_advancing, stops_at_one), phrase, {.weapon = types::Weapon::foil});
  EXPECT_EQ(verdict.winner, Winner::none);
}

TEST(Weapons, Sabre_AHitOffTargetDoesNotShow) {
  types::Phrase phrase = both_lights(1.8);
  phrase.touches[0].valid = false;
  EXPECT_EQ(decide(walk(keeps_advancing, stops_at_one), phrase).winner, Winner::right);
}

TEST(Weapons, EachCitesItsOwnArticles) {
  const auto cited = [](types::Weapon weapon) {
    return decide(walk(keeps_advancing, stops_at_one), both_lights(1.8), {.weapon = weapon})
        .trace.front()
        .rule;
  };
  EXPECT_NE(cited(types::Weapon::sabre).find("t.100-t.106"), std::string::npos);
  EXPECT_NE(cited(types::Weapon::foil).find("t.83-t.88"), std::string::npos);
  EXPECT_EQ(cited(types::Weapon::epee), "apparatus, double hit");
}

// --- the phrases that ship with the project ---

types::Tracks seen_by_a_camera(const render::Scene& scene, double fps) {
  types::Tracks tracks;
  tracks.fps = fps;
  for (const Side side : types::both_sides)
    for (int i = 0; i / fps <= scene.duration; ++i) {
      types::TrackPoint point{i, i / fps, true, true, {}};
      const auto stance = scene.fencers[side].at(point.time);
      for (std::size_t k = 0; k < point.keypoints.size(); ++k)
        point.keypoints[k] = {static_cast<float>(126 * stance.joints[k].x),
                              static_cast<float>(126 * stance.joints[k].y), 1};
      tracks[side].points.push_back(point);
    }
  return tracks;
}

struct Sample {
  const char* name;
  const char* reason;  // what it must begin with
};

class Samples : public testing::TestWithParam<Sample> {};

TEST_P(Samples, GetTheRightVerdictAndReasonAtAnyRate) {
  const auto scene = render::load_motion(std::filesystem::path(PISTE_SOURCE_DIR "/samples") /
                                         (std::string(GetParam().name) + ".json"));
  ASSERT_TRUE(scene) << scene.error().message;
  for (const double fps : {15.0, 25.0, 30.0, 60.0, 120.0}) {
    const auto verdict = decide(seen_by_a_camera(*scene, fps), scene->phrase);
    EXPECT_EQ(verdict.winner, *scene->verdict) << fps << " frames/s: " << verdict.reason;
    EXPECT_EQ(verdict.reason.text.rfind(GetParam().reason, 0), 0U) << fps << " frames/s: " << verdict.reason;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shipped, Samples,
    testing::Values(Sample{"attack-from-left", "Attack from the left: right stopped at 1."},
                    Sample{"attack-from-right", "Attack from the right: left gave way from 1."},
                    Sample{"parry-riposte", "Parry and riposte by right: right took the blade at 2.3"},
                    Sample{"attack-falls-short", "Single light: only left hit"},
                    Sample{"no-hit", "No light: nothing valid was hit"},
                    Sample{"both-attack", "Simultaneous actions, no touch: both attacked at once"}));

TEST(Hits, AreTakenInOrderOfTime) {
  types::Phrase phrase;
  phrase.touches = {{Side::right, 3.0, true}, {Side::left, 1.0, true}};
  const Hits hits = judge_hits(phrase, types::Weapon::sabre);
  EXPECT_EQ(hits.winner, Winner::left) << "the other one came two seconds later";
  EXPECT_EQ(hits.first, 1.0);
}

TEST(Hits, TwoOffTheTargetAreNoTouchWithoutRightOfWay) {
  types::Phrase phrase;
  phrase.touches = {{Side::right, 1.0, false}, {Side::left, 1.1, false}};
  const Hits hits = judge_hits(phrase, types::Weapon::foil);
  EXPECT_FALSE(hits.right_of_way);
  EXPECT_EQ(hits.rule, Rule::off_target);
}

}  // namespace
}  // namespace piste::referee
