// The phrases that ship with the project: what their scoring logs say is what the pictures show.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "render/motion.h"
#include "render/test_scenes.h"

namespace piste::render {
namespace {

namespace joint = types::joint;
using types::Side;

const std::filesystem::path samples = PISTE_SOURCE_DIR "/samples";

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator(samples)) {
    if (entry.path().extension() == ".json") result.push_back(entry.path().stem().string());
  }
  std::sort(result.begin(), result.end());
  return result;
}

double distance(Point p, Point a, Point b) {
  const Point ab{b.x - a.x, b.y - a.y};
  const double along = ((p.x - a.x) * ab.x + (p.y - a.y) * ab.y) / std::max(ab.x * ab.x + ab.y * ab.y, 1e-12);
  const double part = std::clamp(along, 0.0, 1.0);
  return std::hypot(p.x - a.x - part * ab.x, p.y - a.y - part * ab.y);
}

std::size_t weapon_wrist(const FencerTrack& track) {
  return track.right_handed ? joint::right_wrist : joint::left_wrist;
}

// From the blade's tip to the middle of the opponent's trunk, whose surface is some .15 m away from it.
double tip_to_trunk(const Scene& scene, Side side, double time) {
  const Skeleton opponent = scene.fencers[types::opposite(side)].at(time).joints;
  return distance(scene.fencers[side].at(time).tip,
                  middle_of(opponent, joint::left_shoulder, joint::right_shoulder),
                  middle_of(opponent, joint::left_hip, joint::right_hip));
}

double between_blades(const Scene& scene, double time) {
  const Stance left = scene.fencers.left.at(time);
  const Stance right = scene.fencers.right.at(time);
  const Point hand = left.joints[weapon_wrist(scene.fencers.left)];
  double least = 1e9;
  for (int i = 0; i <= 100; ++i) {
    const Point p{std::lerp(hand.x, left.tip.x, i / 100.0), std::lerp(hand.y, left.tip.y, i / 100.0)};
    least = std::min(least, distance(p, right.joints[weapon_wrist(scene.fencers.right)], right.tip));
  }
  return least;
}

class Samples : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    auto loaded = load_motion(samples / (GetParam() + ".json"));
    ASSERT_TRUE(loaded) << loaded.error().message;
    scene = std::move(*loaded);
  }
  Scene scene;
};

TEST_P(Samples, SayWhatTheRightVerdictIs) {
  EXPECT_EQ(scene.id, GetParam());
  EXPECT_TRUE(scene.verdict);
  EXPECT_GE(scene.duration, 3);
  EXPECT_LE(scene.duration, 5);
}

TEST_P(Samples, HaveTheirScoringLogBesideThem) {
  std::ifstream file(samples / (GetParam() + ".txt"), std::ios::binary);
  const std::string committed{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(committed, scene.scoring_log)
      << "run: referee render " << GetParam() << ".json --out x.mp4 --signal " << GetParam() << ".txt";
}

TEST_P(Samples, LightTheLampWhenTheBladeArrives) {
  for (const types::Touch& touch : scene.phrase.touches) {
    EXPECT_LT(tip_to_trunk(scene, touch.scorer, touch.time), .34) << to_string(touch.scorer);
    EXPECT_GT(tip_to_trunk(scene, touch.scorer, touch.time - .25), .34) << to_string(touch.scorer);
  }
}

TEST_P(Samples, NeverHitWithoutALamp) {
  for (const Side side : types::both_sides) {
    const auto& touches = scene.phrase.touches;
    if (std::any_of(touches.begin(), touches.end(), [&](const auto& touch) { return touch.scorer == side; }))
      continue;
    const double end = touches.empty() ? scene.duration : touches.back().time;
    for (double time = 0; time < end; time += .01) EXPECT_GT(tip_to_trunk(scene, side, time), .34) << time;
  }
}

TEST_P(Samples, CrossBladesWhenTheBoxHearsThem) {
  for (const double contact : scene.phrase.blade_contacts)
    EXPECT_LT(between_blades(scene, contact), .12) << contact;
}

INSTANTIATE_TEST_SUITE_P(All, Samples, testing::ValuesIn(names()), [](const auto& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(SampleSet, HoldsEveryKindOfVerdict) {
  std::set<types::Winner> verdicts;
  std::set<std::size_t> lamps;
  for (const std::string& name : names()) {
    const auto scene = load_motion(samples / (name + ".json"));
    ASSERT_TRUE(scene);
    verdicts.insert(scene->verdict.value());
    lamps.insert(scene->phrase.touches.size());
  }
  EXPECT_GE(names().size(), 4U);
  EXPECT_EQ(verdicts.size(), 3U) << "left, right and none";
  EXPECT_EQ(lamps.size(), 3U) << "no, one and two lamps";
}

}  // namespace
}  // namespace piste::render
