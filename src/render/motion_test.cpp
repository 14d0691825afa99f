#include "render/motion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "render/test_scenes.h"

namespace piste::render {
namespace {

namespace joint = types::joint;
using testing::HasSubstr;
using types::Side;

double hips(const Scene& scene, Side side, double time) {
  return middle_of(scene.fencers[side].at(time).joints, joint::left_hip, joint::right_hip).x;
}

double hip_height(const Scene& scene, Side side, double time) {
  return -middle_of(scene.fencers[side].at(time).joints, joint::left_hip, joint::right_hip).y;
}

TEST(Motion, FencersFaceEachOtherOnTheirEnGardeLines) {
  const Scene scene = standing();
  const Skeleton left = scene.fencers.left.at(0).joints;
  const Skeleton right = scene.fencers.right.at(0).joints;
  EXPECT_NEAR(left[joint::right_ankle].x, -2, .02);
  EXPECT_NEAR(right[joint::right_ankle].x, 2, .02);
  EXPECT_LT(left[joint::left_ankle].x, left[joint::right_ankle].x);
  EXPECT_GT(left[joint::nose].x, left[joint::left_ear].x);
  EXPECT_LT(right[joint::nose].x, right[joint::left_ear].x);
  EXPECT_EQ(scene.duration, 2);
}

TEST(Motion, ALeftHandedFencerLeadsWithTheLeft) {
  std::string text = motion_text();
  text.replace(text.find(R"("left": {)"), 9, R"("left": {"hand": "left", )");
  const auto scene = parse_motion(text);
  ASSERT_TRUE(scene) << scene.error().message;
  const Skeleton joints = scene->fencers.left.at(0).joints;
  EXPECT_GT(joints[joint::left_ankle].x, joints[joint::right_ankle].x);
  EXPECT_GT(joints[joint::left_wrist].x, joints[joint::right_wrist].x);
}

TEST(Motion, WhoWalksIsUprightAndPutsOneFootPastTheOther) {
  const auto scene =
      parse_motion(motion_text(R"({"do": "walk", "from": 0, "to": 2, "distance": 2.4, "steps": 4})",
                               R"({"do": "walk", "from": 0, "to": 2, "distance": -1.2, "steps": 3})"));
  ASSERT_TRUE(scene) << scene.error().message;
  EXPECT_NEAR(hips(*scene, Side::left, 2) - hips(*scene, Side::left, 0), 2.4, .4);
  EXPECT_NEAR(hips(*scene, Side::right, 2) - hips(*scene, Side::right, 0), 1.2, .4) << "backwards";
  for (const Side side : types::both_sides) {
    int passed = 0;
    double least = 2;
    for (double time = .51; time < 1.96; time += 1 / 30.) {
      const auto apart = [&](double at) {
        const Skeleton joints = scene->fencers[side].at(at).joints;
        return joints[joint::left_ankle].x - joints[joint::right_ankle].x;
      };
      if (apart(time) * apart(time + 1 / 30.) < 0) ++passed;
      least = std::min(least, hip_height(*scene, side, time));
    }
    EXPECT_GE(passed, 2);
    EXPECT_GT(least, hip_height(*scene, side, 0)) << "even where the feet are furthest apart";
  }
}

TEST(Motion, AdvanceAndRetreatMoveTheWholeFencer) {
  const auto scene =
      parse_motion(motion_text(R"({"do": "advance", "from": 0.2, "to": 1.4, "distance": 0.9, "steps": 2})",
                               R"({"do": "retreat", "from": 0.5, "to": 1.0, "distance": 0.4})"));
  ASSERT_TRUE(scene) << scene.error().message;
  EXPECT_NEAR(hips(*scene, Side::left, 2) - hips(*scene, Side::left, 0), .9, .03);
  EXPECT_NEAR(hips(*scene, Side::right, 2) - hips(*scene, Side::right, 0), .4, .03);
  const auto front_foot = [&](double time) {
    return scene->fencers.left.at(time).joints[joint::right_ankle].x;
  };
  EXPECT_GT(front_foot(.45), -1.8) << "the front foot goes first";
  EXPECT_LT(scene->fencers.left.at(.35).joints[joint::left_ankle].x, -2.5) << "and the rear foot waits";
}

TEST(Motion, ALungeGoesDownAndReachesOut) {
  const auto scene = parse_motion(motion_text(R"({"do": "lunge", "from": 0.5, "to": 1.0, "distance": 0.7})"));
  ASSERT_TRUE(scene) << scene.error().message;
  EXPECT_LT(hip_height(*scene, Side::left, 1.2), hip_height(*scene, Side::left, .3) - .12);
  const Stance stance = scene->fencers.left.at(1.2);
  const Point shoulder = stance.joints[joint::right_shoulder];
  const Point wrist = stance.joints[joint::right_wrist];
  EXPECT_GT(wrist.x - shoulder.x, .5) << "the arm is straight";
  EXPECT_GT(stance.tip.x, wrist.x + .8) << "and the blade points at the opponent";
}

TEST(Motion, BonesKeepTheirLengthAndNothingJumps) {
  const auto scene = parse_motion(motion_text(
      R"({"do": "attack", "from": 0.3, "to": 1.0, "distance": 1.2}, {"do": "recover", "from": 1.3, "to": 1.8})",
      R"({"do": "parry", "from": 0.8, "to": 1.1, "line": "quarte"})"));
  ASSERT_TRUE(scene) << scene.error().message;
  for (const Side side : types::both_sides) {
    const auto& stances = scene->fencers[side].stances;
    for (std::size_t i = 1; i < stances.size(); ++i) {
      const Skeleton& s = stances[i].joints;
      const auto length = [&](std::size_t a, std::size_t b) {
        return std::hypot(s[a].x - s[b].x, s[a].y - s[b].y);
      };
      EXPECT_LT(length(joint::right_hip, joint::right_knee), .47);
      EXPECT_LT(length(joint::left_knee, joint::left_ankle), .45);
      EXPECT_LT(length(joint::right_elbow, joint::right_wrist), .29);
      for (std::size_t j = 0; j < joint::count; ++j) {
        const Point before = stances[i - 1].joints[j];
        EXPECT_LT(std::hypot(s[j].x - before.x, s[j].y - before.y) * scene->fencers[side].rate, 8)
            << "m/s, joint " << j << " at sample " << i;
      }
    }
  }
}

TEST(Motion, BringsTheBoxsEventsAndLog) {
  const auto scene = parse_motion(
      motion_text("", "", R"({"by": "right", "at": 1.5}, {"by": "left", "at": 1.4})", "0.7, 0.2"));
  ASSERT_TRUE(scene) << scene.error().message;
  ASSERT_EQ(scene->phrase.touches.size(), 2U);
  EXPECT_EQ(scene->phrase.touches[0].scorer, Side::left) << "in order of time";
  EXPECT_EQ(scene->phrase.touches[1].time, 1.5);
  EXPECT_THAT(scene->phrase.blade_contacts, testing::ElementsAre(.2, .7));
  EXPECT_THAT(scene->scoring_log, HasSubstr(" 1.400s | HIT: Right scores on Left!\n"));
}

struct BadMotion {
  const char* find;
  const char* replace;
  const char* complaint;
};

class BadMotions : public testing::TestWithParam<BadMotion> {};

TEST_P(BadMotions, AreRefusedWithThePlace) {
  std::string text = motion_text(
      R"({"do": "advance", "from": 0.2, "to": 1.2, "distance": 0.9})",
      R"({"do": "pause", "from": 0.2, "to": 0.4}, {"do": "lunge", "from": 0.5, "to": 1, "distance": 0.5})",
      R"({"by": "left", "at": 1.4})");
  const std::size_t at = text.find(GetParam().find);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, std::string(GetParam().find).size(), GetParam().replace);
  const auto scene = parse_motion(text);
  ASSERT_FALSE(scene);
  EXPECT_EQ(scene.error().code, ErrorCode::invalid);
  EXPECT_THAT(scene.error().message, HasSubstr(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Motion, BadMotions,
    testing::Values(
        BadMotion{R"("id": "test",)", "", "id: is missing"},
        BadMotion{R"("duration": 2)", R"("duration": "2")", "duration: must be a number from 0.2 to 120"},
        BadMotion{R"("duration": 2)", R"("duration": -1)", "duration: must be a number"},
        BadMotion{R"("duration": 2)", R"("duration": 1e999)", "duration: must be a number"},
        BadMotion{R"("duration": 2)", R"("durations": 2)", "has no setting 'durations'"},
        BadMotion{R"("do": "advance")", R"("do": "jump")",
                  "fencers.left.actions[0].do: must be one of en_garde, pause"},
        BadMotion{R"("to": 1.2)", R"("to": 0.1)",
                  "fencers.left.actions[0].to: must be at least .05 s after 'from'"},
        BadMotion{R"("to": 1.2)", R"("to": 9)", "fencers.left.actions[0].to: must be a number from 0 to 2"},
        BadMotion{R"(, "distance": 0.9)", "", "fencers.left.actions[0].distance: is missing"},
        BadMotion{R"("distance": 0.9)", R"("distance": 5.9)", "would meet at"},
        BadMotion{R"("to": 0.4)", R"("to": 0.7)", "fencers.right.actions[1].from: begins before"},
        BadMotion{R"("at": 1.4)", R"("at": null)", "box.hits[0].at: must be a number"},
        BadMotion{R"("by": "left", "at": 1.4})", R"("by": "left", "at": 1.4}, {"by": "right", "at": 1.9})",
                  "box.hits: the second comes after the lockout"},
        BadMotion{R"("by": "left", "at": 1.4})", R"("by": "left", "at": 1.4}, {"by": "left", "at": 1.5})",
                  "box.hits: must be by different fencers"},
        BadMotion{"2026-03-14", "2026-13-14", "box.recorded: must be a time"},
        BadMotion{R"({"left": {)", R"({"left": 3, "centre": {)", "fencers: has no setting 'centre'"},
        BadMotion{R"("box": {)", "\n\n\"box\": {,", "line 5: this is not JSON"}));

TEST(Motion, RefusesTextThatIsNotJson) {
  for (const char* text : {"", "\xff\xfe", "[1, 2]", "{} {}", "{\"id\": \"x\""}) {
    const auto scene = parse_motion(text);
    ASSERT_FALSE(scene) << text;
    EXPECT_EQ(scene.error().code, ErrorCode::invalid);
    EXPECT_FALSE(scene.error().message.empty());
  }
}

TEST(Motion, NamesAFileThatIsNotThere) {
  const auto scene = load_motion("/nowhere/at/all.json");
  ASSERT_FALSE(scene);
  EXPECT_EQ(scene.error().code, ErrorCode::io);
  EXPECT_THAT(scene.error().message, HasSubstr("all.json"));
  EXPECT_THAT(scene.error().message, testing::Not(HasSubstr("nowhere")));
}

}  // namespace
}  // namespace piste::render
