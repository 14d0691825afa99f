#include "bout/guard.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "render/motion.h"
#include "render/renderer.h"

namespace piste::bout {
namespace {

using types::Side;

// What two fencers who do this are seen to do.
types::Tracks film(const std::string& left, const std::string& right, double seconds, bool seen = true,
                   double fps = 30) {
  const std::string begin = R"({"id":"a","title":"b","duration":)" + std::to_string(seconds);
  auto scene = render::parse_motion(
      begin + R"(,"fencers":{"left":{"actions":[)" + left + R"(]},"right":{"actions":[)" + right +
      R"(]}},"box":{"recorded":"2026-03-14 18:31:20","hits":[],"blade_contacts":[]}})");
  EXPECT_TRUE(scene.ok()) << (scene.ok() ? "" : scene.error().message);
  const render::Renderer renderer(std::move(*scene), {.width = 640, .height = 360, .fps = fps});
  types::Tracks tracks;
  for (int i = 0; i < renderer.frames(); ++i) {
    const auto truth = renderer.truth(i);
    for (const Side side : types::both_sides)
      tracks[side].points.push_back({i, renderer.time(i), seen, seen, truth[side]});
  }
  return tracks;
}

const std::string advance = R"({"do":"advance","from":3,"to":5,"distance":1.2,"steps":4})";
const std::string lower = R"({"do":"relax","from":0.1,"to":0.6})";

TEST(LastGuard, IsWhereTheActionBegins) {
  const Guard guard = last_guard(film(advance, "", 6), 0, 4.8);
  ASSERT_EQ(guard.found, Guard::Found::yes);
  EXPECT_NEAR(guard.until, 3.1, .3);
}

TEST(LastGuard, OneWhoMovesIsEnough) {
  const Guard guard = last_guard(film("", advance, 6), 0, 4.8);
  EXPECT_NEAR(guard.until, 3.1, .3);
}

// From the first picture on, for half a second.
TEST(LastGuard, OfASlowCameraIsNoShorter) {
  const std::string soon = R"({"do":"advance","from":0.5,"to":2.5,"distance":1.2,"steps":4})";
  for (const double fps : {30., 25., 15., 12., 10.}) {
    const Guard guard = last_guard(film(soon, "", 3, true, fps), 0, 2.4);
    EXPECT_EQ(guard.found, Guard::Found::yes) << fps;
    EXPECT_NEAR(guard.until, .55, .15) << fps;
  }
}

TEST(LastGuard, AVerySlowCameraCannotTellThatThereWasNone) {
  const std::string soon = R"({"do":"advance","from":0.5,"to":2.5,"distance":1.2,"steps":4})";
  for (const double fps : {8., 5.}) {
    EXPECT_NE(last_guard(film(soon, "", 3, true, fps), 0, 2.4).found, Guard::Found::no) << fps;
    EXPECT_EQ(last_guard(film(lower, lower, 5, true, fps), 1, 5).found, Guard::Found::no)
        << "they stand with lowered weapons, at " << fps;
  }
}

TEST(LastGuard, WhoStandsWithLoweredWeaponIsNotOnGuard) {
  EXPECT_EQ(last_guard(film(lower, lower, 5), 1, 5).found, Guard::Found::no);
  EXPECT_EQ(last_guard(film(lower, "", 5), 1, 5).found, Guard::Found::no);
}

TEST(LastGuard, IsOverWhereBothStandWithLoweredWeapons) {
  const std::string later = R"({"do":"relax","from":0.8,"to":1.3})";
  EXPECT_EQ(last_guard(film("", "", 5), 0, 3).found, Guard::Found::yes);
  EXPECT_EQ(last_guard(film(later, "", 5), 0, 3).found, Guard::Found::yes) << "one of them alone";
  EXPECT_EQ(last_guard(film(later, later, 5), 0, 3).found, Guard::Found::no);
}

TEST(LastGuard, IsNotOverWhereTheyRestedAndThenFenced) {
  const std::string rests = R"({"do":"relax","from":0.8,"to":1.3},)";
  EXPECT_EQ(last_guard(film(rests + advance, rests + advance, 6), 0, 4.8).found, Guard::Found::yes);
}

TEST(LastGuard, IsNotOverBecauseHandsAreHidden) {
  auto tracks = film("", "", 4);
  for (const Side side : types::both_sides)
    for (auto& point : tracks[side].points)
      if (point.time > 1)
        for (const auto wrist : {types::joint::left_wrist, types::joint::right_wrist})
          point.keypoints[wrist].score = 0;
  EXPECT_EQ(last_guard(tracks, 0, 3).found, Guard::Found::yes);
}

TEST(LastGuard, OnlyTheStretchThatWasAskedForCounts) {
  const auto tracks = film(advance + R"(,{"do":"relax","from":5,"to":5.5})", lower, 9);
  EXPECT_EQ(last_guard(tracks, 5.5, 9).found, Guard::Found::no);
}

TEST(LastGuard, AMomentIsNoGuard) {
  // On guard for a third of a second between two ways.
  const std::string left = R"({"do":"advance","from":0.2,"to":2,"distance":1,"steps":3},
                              {"do":"advance","from":2.3,"to":4,"distance":0.8,"steps":3})";
  EXPECT_EQ(
      last_guard(film(left, R"({"do":"retreat","from":0.1,"to":4,"distance":2,"steps":7})", 5), 0.3, 4).found,
      Guard::Found::no);
}

TEST(LastGuard, FencersThatAreNotSeenTellNothing) {
  EXPECT_EQ(last_guard(film(advance, "", 6, false), 0, 4.8).found, Guard::Found::unseen);
  EXPECT_EQ(last_guard({}, 0, 4.8).found, Guard::Found::unseen);
}

TEST(LastGuard, UpsideDownNobodyCanTell) {
  auto tracks = film(advance, "", 6);
  for (const Side side : types::both_sides)
    for (auto& point : tracks[side].points)
      for (auto& keypoint : point.keypoints) keypoint.y = 360 - keypoint.y;
  EXPECT_EQ(last_guard(tracks, 0, 4.8).found, Guard::Found::unseen);
}

}  // namespace
}  // namespace piste::bout
