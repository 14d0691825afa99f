#include "tracking/tracker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tracking/scene_for_tests.h"

namespace piste::tracking {
namespace {

using scene::Figure;
using scene::Models;
using scene::Person;
using scene::Recorded;
using scene::Recording;
using types::Side;
using types::Track;

// En garde, then both advance, the right one lunges at 1.2 s and recovers.
Figure left_fencer(double time) {
  return {.x = 380 + 90 * std::min(time, 1.2) + 6 * std::sin(9 * time)};
}

Figure right_fencer(double time) {
  const double lunge = std::clamp((time - 1.2) / 0.25, 0.0, 1.0) - std::clamp((time - 1.6) / 0.3, 0.0, 1.0);
  return {.x = 900 - 80 * std::min(time, 1.2) - 110 * lunge, .front = -1, .lunge = lunge};
}

Figure standing(double x, double floor, double tall, double front) {
  return {.x = x, .floor = floor, .tall = tall, .front = front, .stride = 0.35};
}

double share_on(const Track& track, const Person& person, double within = 15) {
  double on = 0;
  for (const auto& point : track.points) {
    if (point.seen && scene::hips_off(point, person(point.time)) < within) ++on;
  }
  return on / static_cast<double>(track.points.size());
}

double share_reliable(const Track& track) {
  double reliable = 0;
  for (const auto& point : track.points) reliable += point.reliable;
  return reliable / static_cast<double>(track.points.size());
}

void expect_same_moments(const types::Tracks& tracks) {
  ASSERT_EQ(tracks.left.points.size(), tracks.right.points.size());
  for (std::size_t i = 0; i < tracks.left.points.size(); ++i) {
    EXPECT_EQ(tracks.left.points[i].number, tracks.right.points[i].number);
    EXPECT_EQ(tracks.left.points[i].time, tracks.right.points[i].time);
    if (i > 0) {
      EXPECT_LT(tracks.left.points[i - 1].time, tracks.left.points[i].time);
    }
  }
}

void expect_both_followed(const Recorded& run, double least = 0.99) {
  EXPECT_EQ(run.tracks.left.points.size(), static_cast<std::size_t>(run.frames));
  expect_same_moments(run.tracks);
  EXPECT_GE(share_on(run.tracks.left, left_fencer), least);
  EXPECT_GE(share_on(run.tracks.right, right_fencer), least);
}

class TrackerAtFrameRate : public testing::TestWithParam<double> {};

TEST_P(TrackerAtFrameRate, FollowsBothFencersThroughALunge) {
  const Recorded run = scene::record({.people = {left_fencer, right_fencer}}, {.fps = GetParam()});
  expect_both_followed(run);
  EXPECT_GE(share_reliable(run.tracks.left), 0.99);
  EXPECT_GE(share_reliable(run.tracks.right), 0.99);
  EXPECT_EQ(run.tracks.fps, GetParam());
}

TEST_P(TrackerAtFrameRate, LooksAtTheWholeFrameOnlyNowAndThen) {
  const Recorded run =
      scene::record({.people = {left_fencer, right_fencer}}, {.fps = GetParam(), .length = 6});
  EXPECT_LE(run.looks, 6 / 0.33 + 5);
  EXPECT_GE(run.looks, 6 / 0.4);
}

TEST_P(TrackerAtFrameRate, ComesBackAfterHalfASecondWithoutAPose) {
  const auto blind = [](double time) { return time > 0.6 && time < 1.1; };
  const Recorded run =
      scene::record({.people = {left_fencer, right_fencer}, .blind = blind}, {.fps = GetParam()});
  for (const Side side : types::both_sides) {
    const Person person = side == Side::left ? Person(left_fencer) : Person(right_fencer);
    for (const auto& point : run.tracks[side].points) {
      if (blind(point.time)) {
        EXPECT_FALSE(point.seen) << point.time;
        EXPECT_FALSE(point.reliable) << point.time;
      } else if (point.time >= 1.2 || point.time < 0.6) {
        EXPECT_TRUE(point.seen) << point.time;
        EXPECT_LT(scene::hips_off(point, person(point.time)), 15) << point.time;
      }
    }
  }
}

TEST_P(TrackerAtFrameRate, FillsAShortGapAndLeavesALongOneOpen) {
  const auto blind = [](double time) { return (time > 0.4 && time < 0.6) || (time > 1.0 && time < 1.5); };
  const Recorded run =
      scene::record({.people = {left_fencer, right_fencer}, .blind = blind}, {.fps = GetParam()});
  for (const auto& point : run.tracks.left.points) {
    const bool filled = point.keypoints[types::joint::left_hip].score > 0;
    if (point.time < 0.9) {
      EXPECT_TRUE(filled) << point.time;
      EXPECT_LT(scene::hips_off(point, left_fencer(point.time)), 20) << point.time;
    } else if (point.time > 1.01 && point.time < 1.49) {
      EXPECT_FALSE(filled) << point.time;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(FramesPerSecond, TrackerAtFrameRate, testing::Values(15.0, 25.0, 30.0, 60.0, 120.0));

struct Bystander {
  std::string name;
  Person person;
};

class WithBystander : public testing::TestWithParam<Bystander> {};

TEST_P(WithBystander, FollowsTheFencers) {
  for (const double fps : {15.0, 30.0}) {
    expect_both_followed(
        scene::record({.people = {left_fencer, right_fencer, GetParam().person}}, {.fps = fps, .length = 3}));
  }
}

TEST_P(WithBystander, FollowsTheFencersByAPreciseDetector) {
  expect_both_followed(scene::record({.people = {left_fencer, right_fencer, GetParam().person}},
                                     {.fps = 30, .length = 3, .precise = true}));
}

INSTANTIATE_TEST_SUITE_P(
    Somewhere, WithBystander,
    testing::Values(
        Bystander{"RefereeBehindTheMiddle", [](double) { return standing(640, 545, 190, 0); }},
        Bystander{"RefereeInFront", [](double) { return standing(600, 715, 290, 0); }},
        Bystander{"SilhouetteCutOffBelow", [](double) { return standing(660, 830, 330, 0); }},
        Bystander{"RefereeWalkingPast", [](double time) { return standing(300 + 250 * time, 540, 185, 1); }},
        Bystander{"FencerOnTheNextPiste", [](double) { return Figure{.x = 520, .floor = 430, .tall = 120}; }},
        Bystander{"SpectatorAtTheEdge", [](double) { return standing(1230, 560, 200, -1); }},
        Bystander{"SpectatorBehindTheRight", [](double) { return standing(980, 560, 200, 0.3); }}),
    [](const auto& tested) { return tested.param.name; });

TEST(Tracker, GivesUpABystanderTakenForAFencerFirst) {
  const Person late_fencer = [](double time) {
    Figure figure = right_fencer(time);
    figure.visible = time < 0.5 ? 0 : 1;
    return figure;
  };
  const Person referee = [](double) { return standing(660, 545, 190, 0); };
  const Recorded run = scene::record({.people = {left_fencer, late_fencer, referee}}, {.length = 3});
  for (const auto& point : run.tracks.right.points) {
    if (point.time > 1.1) {
      EXPECT_LT(scene::hips_off(point, right_fencer(point.time)), 15) << point.time;
    }
    if (point.seen) {
      EXPECT_LT(scene::hips_off(point, right_fencer(point.time)), 40) << point.time;
    }
  }
  EXPECT_GE(share_on(run.tracks.left, left_fencer), 0.99);
}

TEST(Tracker, FollowsASingleFencerOnHisSide) {
  const Recorded run = scene::record({.people = {right_fencer}});
  EXPECT_GE(share_on(run.tracks.right, right_fencer), 0.99);
  EXPECT_EQ(share_on(run.tracks.left, left_fencer, 1e9), 0);
  expect_same_moments(run.tracks);
}

TEST(Tracker, WaitsForTheSecondFencer) {
  const Person late = [](double time) {
    Figure figure = left_fencer(time);
    figure.visible = time < 0.8 ? 0 : 1;
    return figure;
  };
  const Recorded run = scene::record({.people = {late, right_fencer}});
  EXPECT_GE(share_on(run.tracks.right, right_fencer), 0.99);
  for (const auto& point : run.tracks.left.points) {
    if (point.time >= 0.95) {
      EXPECT_TRUE(point.seen) << point.time;
    }
    if (point.time < 0.45) {
      EXPECT_EQ(point.keypoints[types::joint::nose].score, 0) << point.time;
    }
  }
}

// Two fencers on a piste farther off, before whom a pair that looks better walks up and down.
class TwoPistes : public testing::Test {
 protected:
  static Figure far_left(double time) { return {.x = 500 + 20 * time, .floor = 420, .tall = 120}; }
  static Figure far_right(double time) {
    return {.x = 760 - 20 * time, .floor = 420, .tall = 120, .front = -1};
  }
  static Recorded look(const types::Marks& marks) {
    return scene::record({.people = {far_left, far_right, left_fencer, right_fencer}},
                         {.length = 2, .marks = marks});
  }
};

TEST_F(TwoPistes, UnmarkedTheNearPairIsFollowed) {
  const Recorded run = look({});
  EXPECT_GE(share_on(run.tracks.left, left_fencer), .9);
  EXPECT_GE(share_on(run.tracks.right, right_fencer), .9);
}

TEST_F(TwoPistes, TheMarkedFencersAreFollowed) {
  const Recorded run = look({{}, types::PerSide<types::Spot>{{500, 370}, {760, 370}}});
  EXPECT_GE(share_on(run.tracks.left, far_left), .99);
  EXPECT_GE(share_on(run.tracks.right, far_right), .99);
}

TEST_F(TwoPistes, TheFencersOnTheMarkedPisteAreFollowed) {
  const Recorded run = look({{{0, 390}, {1280, 390}, {1280, 450}, {0, 450}}, {}});
  EXPECT_GE(share_on(run.tracks.left, far_left), .99);
  EXPECT_GE(share_on(run.tracks.right, far_right), .99);
}

TEST(Tracker, FindsAMarkedFencerAgainWhereHeWasLost) {
  const Person hidden_right = [](double time) {
    Figure figure = right_fencer(0);
    figure.visible = time > 0.6 && time < 1.6 ? 0 : 1;
    return figure;
  };
  const Person hidden_left = [](double time) {
    Figure figure = left_fencer(0);
    figure.visible = time > 0.6 && time < 1.6 ? 0 : 1;
    return figure;
  };
  const Person near_left = [](double) { return Figure{.x = 60, .floor = 710, .tall = 420}; };
  const Person near_right = [](double) { return Figure{.x = 1220, .floor = 710, .tall = 420, .front = -1}; };
  const Recorded run =
      scene::record({.people = {hidden_left, hidden_right, near_left, near_right}},
                    {.length = 3, .marks = {{}, types::PerSide<types::Spot>{{380, 490}, {900, 490}}}});
  for (const auto& [track, person] :
       {std::pair{&run.tracks.left, hidden_left}, {&run.tracks.right, hidden_right}}) {
    for (const auto& point : track->points) {
      if (point.time < .5 || point.time > 2.1 || point.seen) {
        EXPECT_LT(scene::hips_off(point, person(point.time)), 40) << point.time;
      }
    }
  }
}

TEST(Tracker, KeepsAnEmptyPisteEmpty) {
  const Recorded run = scene::record({.people = {}});
  EXPECT_EQ(run.tracks.left.points.size(), 60U);
  EXPECT_EQ(share_on(run.tracks.left, left_fencer, 1e9), 0);
}

// The right fencer runs into the left one, they stay together, and part again.
Figure rammed(double) {
  return {.x = 560};
}
Figure ramming(double time) {
  const double in = std::clamp((time - 0.5) / 0.6, 0.0, 1.0);
  const double out = std::clamp((time - 1.6) / 0.6, 0.0, 1.0);
  return {.x = 960 - 370 * (in - out), .front = -1};
}

bool parted(double time) {
  return ramming(time).x - rammed(time).x > 180;
}
bool merged(double time) {
  return ramming(time).x - rammed(time).x < 60;
}

class Clash : public testing::TestWithParam<std::tuple<double, bool>> {};

TEST_P(Clash, IsMarkedAndLeftWithTheRightSides) {
  const auto [fps, precise] = GetParam();
  const Recorded run =
      scene::record({.people = {rammed, ramming}}, {.fps = fps, .length = 3, .precise = precise});
  expect_same_moments(run.tracks);
  for (std::size_t i = 0; i < run.tracks.left.points.size(); ++i) {
    const auto& left = run.tracks.left.points[i];
    const auto& right = run.tracks.right.points[i];
    if (merged(left.time)) {
      EXPECT_FALSE(left.reliable && right.reliable) << left.time;
    } else if (parted(left.time) && (left.time < 0.5 || left.time > 2.1)) {
      EXPECT_TRUE(left.reliable && right.reliable) << left.time;
      EXPECT_LT(scene::hips_off(left, rammed(left.time)), 15) << left.time;
      EXPECT_LT(scene::hips_off(right, ramming(right.time)), 15) << right.time;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(FramesPerSecond, Clash,
                         testing::Combine(testing::Values(15.0, 30.0, 60.0, 120.0), testing::Bool()));

// Somebody who has watched them fence stands beside the right one, who is then hidden for good.
TEST(Tracker, TakesNobodyWhoStoodByForALostFencer) {
  const Person hidden = [](double time) {
    Figure figure = right_fencer(0);
    figure.visible = time > 1.5 ? 0 : 1;
    return figure;
  };
  const Person watching = [](double) { return standing(1100, 590, 215, -0.4); };
  const Recorded run = scene::record({.people = {left_fencer, hidden, watching}}, {.length = 4});
  EXPECT_GE(share_on(run.tracks.left, left_fencer), .99);
  for (const auto& point : run.tracks.right.points) {
    if (point.seen) {
      EXPECT_LT(scene::hips_off(point, hidden(point.time)), 20) << point.time;
    }
  }
}

// The crop of the one behind shows the one in front; the whole picture shows both.
TEST(Tracker, SeesWhoIsBehindTheOtherOneByTheDetector) {
  const Person behind = [](double time) {
    return Figure{.x = 960 - 355 * std::clamp((time - 0.5) / 0.6, 0.0, 1.0), .front = -1};
  };
  const Recorded run =
      scene::record({.people = {rammed, behind}, .merge = .15, .left_in_front = true}, {.length = 3});
  EXPECT_GE(share_on(run.tracks.left, rammed), .99);
  double seen = 0;
  for (const auto& point : run.tracks.right.points) {
    if (point.time < 1.5) continue;
    EXPECT_FALSE(point.reliable) << point.time;
    if (point.keypoints[types::joint::left_hip].score <= 0) continue;
    ++seen;
    EXPECT_LT(scene::hips_off(point, behind(point.time)), 20) << point.time;
  }
  EXPECT_GE(seen, 40);
}

// Somebody walks through before the fencers, who cannot be seen behind him: nearer and so larger, or a child
// who is as large as they are and wears something else.
struct Walker {
  std::string name;
  double tall = 0;
  std::optional<types::Clothes> clothes;
};

class WalksThrough : public testing::TestWithParam<Walker> {
 protected:
  static constexpr types::Clothes white{{.8F, .8F, .8F}, {.8F, .8F, .8F}};
  static Figure walking(double time) {
    return {.x = 330 + 300 * time,
            .floor = 640,
            .tall = GetParam().tall,
            .stride = .5 - .5 * std::sin(6 * time),
            .clothes = GetParam().clothes};
  }
  static Figure covered(Figure fencer, double time) {
    if (GetParam().clothes) fencer.clothes = white;
    const double by = .3 * (fencer.tall + GetParam().tall);
    fencer.visible = std::abs(fencer.x - walking(time).x) < by / 2 ? 0 : 1;
    return fencer;
  }
};

TEST_P(WalksThrough, AndNeitherFencerIsTakenAlong) {
  const Person left = [](double time) { return covered({.x = 500 + 6 * std::sin(9 * time)}, time); };
  const Person right = [](double time) {
    return covered({.x = 860 + 6 * std::sin(7 * time), .front = -1}, time);
  };
  const Recorded run =
      scene::record({.people = {left, right, walking}, .merge = 0}, {.fps = 25, .length = 3.2});
  for (const Side side : types::both_sides) {
    const Person& person = side == Side::left ? left : right;
    for (const auto& point : run.tracks[side].points) {
      if (point.seen || point.time > 3) {
        EXPECT_LT(scene::hips_off(point, person(point.time)), 25) << to_string(side) << point.time;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(BeforeTheFencers, WalksThrough,
                         testing::Values(Walker{"Nearer", 330, {}},
                                         Walker{"InOtherClothes", 240,
                                                types::Clothes{{.4F, .2F, .3F}, {.1F, .1F, .1F}}}),
                         [](const auto& tested) { return tested.param.name; });

double mean_doubt(const types::Track& track) {
  double sum = 0;
  for (const auto& point : track.points) sum += point.doubt;
  return sum / static_cast<double>(track.points.size());
}

TEST(Tracker, SaysWhereAnotherOneLooksAsMuchLikeAFencer) {
  const Person still_left = [](double) { return Figure{.x = 420}; };
  const Person still_right = [](double) { return Figure{.x = 860, .front = -1}; };
  const Person as_good = [](double) { return Figure{.x = 1020, .front = -1}; };
  const Person coach = [](double) { return Figure{.x = 1020, .floor = 590, .tall = 215, .stride = .5}; };
  const auto questioned = scene::record({.people = {still_left, still_right, as_good}}, {.length = 3}).tracks;
  EXPECT_GT(mean_doubt(questioned.right), .6);
  EXPECT_LT(mean_doubt(questioned.left), .1) << "nobody else faces either of them";
  const auto clear = scene::record({.people = {still_left, still_right, coach}}, {.length = 3}).tracks;
  EXPECT_EQ(mean_doubt(clear.right), 0);
}

// He is trusted before the fencer is seen, and is a worse opponent by less than one look can tell.
TEST(Tracker, GivesUpSomebodyTakenForAFencerWhoIsALittleWorseForLong) {
  const Person late_fencer = [](double time) {
    Figure figure{.x = 880, .front = -1};
    figure.visible = time < 0.9 ? 0 : 1;
    return figure;
  };
  const Person still_left = [](double) { return Figure{.x = 420}; };
  const Person coach = [](double) {
    return Figure{.x = 1010, .floor = 590, .tall = 215, .front = -.6, .stride = .1};
  };
  const Recorded run = scene::record({.people = {still_left, late_fencer, coach}}, {.length = 5});
  EXPECT_LT(scene::hips_off(run.tracks.right.points.front(), coach(0)), 30);
  for (const auto& point : run.tracks.right.points) {
    if (point.time > 4) {
      EXPECT_LT(scene::hips_off(point, late_fencer(point.time)), 20) << point.time;
    }
  }
}

// A camera that stands and films a piste from one place, then, after a cut, from another, nearer.
TEST(Tracker, FindsBothAgainAfterACut) {
  const auto cut = [](double early, double late, double front) -> Person {
    return [=](double time) {
      return time < 1 ? Figure{.x = early, .floor = 380, .tall = 150, .front = front}
                      : Figure{.x = late, .floor = 660, .tall = 300, .front = front};
    };
  };
  const Person left = cut(120, 560, 1);
  const Person right = cut(420, 1080, -1);
  const Recorded run = scene::record({.people = {left, right}}, {.length = 4});
  for (const Side side : types::both_sides) {
    const Person& person = side == Side::left ? left : right;
    for (const auto& point : run.tracks[side].points) {
      if (point.time < 0.9 || point.time > 2.2) {
        EXPECT_TRUE(point.seen) << point.time;
        EXPECT_LT(scene::hips_off(point, person(point.time)), 15) << point.time;
      }
    }
  }
}

// He runs past the other one, who stands: each keeps his side, though left is right of right then.
TEST(Tracker, KeepsWhoIsWhoWhenTheyRunPastEachOther) {
  const Person stands = [](double) { return Figure{.x = 800, .front = -1}; };
  const Person runs = [](double time) { return Figure{.x = 400 + 700 * std::clamp(time - 0.5, 0.0, 1.1)}; };
  const Recorded run = scene::record({.people = {runs, stands}}, {.length = 2.2});
  EXPECT_LT(scene::hips_off(run.tracks.left.points.back(), runs(2.2)), 15);
  EXPECT_LT(scene::hips_off(run.tracks.right.points.back(), stands(2.2)), 15);
}

TEST(Tracker, AsksForALookAtOnceWhenAFencerIsLost) {
  Models models{.people = {left_fencer, right_fencer}};
  std::mt19937 random(1);
  Tracker tracker({.width = scene::width, .height = scene::height});
  int number = 0;
  const auto frame = [&](bool found) {
    const double time = number / 30.0;
    const bool looked = tracker.look(time).detect;
    const Crops crops =
        tracker.crops(time, looked ? models.detect(time, random) : std::vector<types::Pose>{});
    Poses poses;
    for (const Side side : types::both_sides) {
      if (crops[side] && found) poses[side] = models.single(time, *crops[side], random);
    }
    tracker.observe(number++, time, crops, poses);
    return looked;
  };
  while (number < 15) frame(true);
  EXPECT_FALSE(frame(true));
  EXPECT_FALSE(frame(false));
  EXPECT_TRUE(frame(true));
}

TEST(Tracker, PutsLateFramesInTheirPlace) {
  const Models models{.people = {left_fencer, right_fencer}};
  Recording recording{.fps = 30, .length = 2, .late = {{0, 2}, {10, 12}, {11, 12}, {40, 58}, {59, 58}}};
  const Recorded run = scene::record(models, recording);
  expect_both_followed(run);
  recording.precise = true;
  expect_both_followed(scene::record(models, recording));
}

TEST(Tracker, GivesTheMirrorImageForTheMirrorImage) {
  const auto mirrored = [](const Person& person) {
    return [person](double time) {
      Figure figure = person(time);
      figure.x = scene::width - figure.x;
      figure.front = -figure.front;
      return figure;
    };
  };
  const Person referee = [](double) { return standing(600, 545, 190, 0); };
  // Noise would differ between the two pictures.
  const Models models{.people = {left_fencer, right_fencer, referee}, .noise = 0};
  const Models mirror{.people = {mirrored(right_fencer), mirrored(left_fencer), mirrored(referee)},
                      .noise = 0};
  const Recorded run = scene::record(models);
  const Recorded other = scene::record(mirror);
  EXPECT_EQ(run.looks, other.looks);
  for (const Side side : types::both_sides) {
    for (std::size_t i = 0; i < run.tracks[side].points.size(); ++i) {
      const auto& here = run.tracks[side].points[i];
      const auto& there = other.tracks[opposite(side)].points[i];
      EXPECT_EQ(here.seen, there.seen);
      EXPECT_EQ(here.reliable, there.reliable);
      for (std::size_t joint = 0; joint < types::joint::count; ++joint) {
        ASSERT_NEAR(here.keypoints[joint].x, scene::width - there.keypoints[joint].x, 0.01);
        ASSERT_NEAR(here.keypoints[joint].y, there.keypoints[joint].y, 0.01);
      }
    }
  }
}

TEST(Tracker, GivesTheSameForTheSame) {
  const Models models{.people = {left_fencer, right_fencer}};
  const Recorded run = scene::record(models);
  const Recorded again = scene::record(models);
  for (std::size_t i = 0; i < run.tracks.left.points.size(); ++i) {
    EXPECT_EQ(run.tracks.left.points[i].keypoints[0].x, again.tracks.left.points[i].keypoints[0].x);
  }
}

TEST(Tracker, SurvivesAbsurdPosesAndTimes) {
  Tracker tracker({.width = scene::width, .height = scene::height});
  std::vector<types::Pose> absurd(40, scene::skeleton(left_fencer(0)));
  for (std::size_t i = 0; i < absurd.size(); ++i) {
    for (auto& keypoint : absurd[i].keypoints) keypoint.x = i % 3 == 0 ? std::nanf("") : 1e30F;
    absurd[i].box = {-1e30F, i % 2 == 0 ? std::nanf("") : 0, 1e30F, 1e30F};
  }
  int number = 0;
  for (const double time : {0.0, 0.0, 1e9, -1e9, std::nan(""), 1.0, 1e9 + 1}) {
    const Crops crops = tracker.crops(time, absurd);
    tracker.observe(number++, time, crops, {absurd[0], absurd[1]});
  }
  for (const auto& point : tracker.finish().left.points) {
    for (const auto& keypoint : point.keypoints)
      EXPECT_TRUE(std::isfinite(keypoint.x) && std::isfinite(keypoint.y));
  }
}

TEST(Tracker, HasNoPointsBeforeTheFirstFrame) {
  const Tracker tracker({.width = scene::width, .height = scene::height, .fps = 25});
  EXPECT_TRUE(tracker.look(0).detect);
  EXPECT_TRUE(tracker.finish().left.points.empty());
  EXPECT_EQ(tracker.finish().fps, 25);
}

}  // namespace
}  // namespace piste::tracking
