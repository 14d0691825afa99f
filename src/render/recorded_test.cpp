#include "render/recorded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "render/renderer.h"
#include "render/test_scenes.h"

namespace piste::render {
namespace {

namespace joint = types::joint;
using testing::HasSubstr;
using types::Side;

// Rows as they are recorded: y down, the left fencer at x = 3, the right one at x = 7.
rows::Row row(std::size_t frames) {
  const Scene scene = standing();
  rows::Row result;
  result.id = "20260101_120000_phrase01";
  result.signal = "Phrase 1\n";
  result.tracks.fps = 15;
  for (const Side side : types::both_sides) {
    for (std::size_t i = 0; i < frames; ++i) {
      types::TrackPoint point;
      const Skeleton joints = scene.fencers[side].at(static_cast<double>(i) / 15).joints;
      for (std::size_t j = 0; j < joint::count; ++j) {
        point.keypoints[j] = {static_cast<float>(joints[j].x + 5), static_cast<float>(joints[j].y + 4), 1};
      }
      result.tracks[side].points.push_back(point);
    }
  }
  return result;
}

TEST(Recorded, BecomesASceneOfTheSameLength) {
  const auto scene = scene_of(row(30));
  ASSERT_TRUE(scene) << scene.error().message;
  EXPECT_DOUBLE_EQ(scene->duration, 2);
  EXPECT_EQ(scene->scoring_log, "Phrase 1\n");
  EXPECT_EQ(scene->fencers.left.stances.size(), 30U);
  EXPECT_GT(scene->fencers.left.stances[0].tip.x,
            scene->fencers.left.stances[0].joints[joint::right_wrist].x);
  EXPECT_LT(scene->fencers.right.stances[0].tip.x,
            scene->fencers.right.stances[0].joints[joint::right_wrist].x);
}

TEST(Recorded, MissingPointsLieBetweenTheirNeighbours) {
  rows::Row gaps = row(10);
  auto& points = gaps.tracks.left.points;
  points[0].keypoints[joint::nose] = {};
  points[1].keypoints[joint::nose] = {10, 2, 1};
  points[2].keypoints[joint::nose] = {};
  points[3].keypoints[joint::nose] = {};
  points[4].keypoints[joint::nose] = {13, 5, 1};
  for (std::size_t i = 5; i < 10; ++i) points[i].keypoints[joint::nose] = {};
  const auto scene = scene_of(gaps);
  ASSERT_TRUE(scene) << scene.error().message;
  const auto nose = [&](std::size_t i) { return scene->fencers.left.stances[i].joints[joint::nose]; };
  EXPECT_NEAR(nose(0).x, 10, 1e-6);
  EXPECT_NEAR(nose(2).x, 11, 1e-6);
  EXPECT_NEAR(nose(3).y, 4, 1e-6);
  EXPECT_NEAR(nose(4).x, 13, 1e-6);
  EXPECT_NEAR(nose(9).x, 13, 1e-6);
}

TEST(Recorded, AFrameWithoutAFencerIsFilledToo) {
  rows::Row gaps = row(12);
  for (auto& keypoint : gaps.tracks.right.points[5].keypoints) keypoint = {};
  const auto scene = scene_of(gaps);
  ASSERT_TRUE(scene) << scene.error().message;
  EXPECT_NEAR(scene->fencers.right.stances[5].joints[joint::right_knee].x,
              scene->fencers.right.stances[4].joints[joint::right_knee].x, .1);
}

TEST(Recorded, WithoutKeypointsCannotBeDrawn) {
  rows::Row none = row(0);
  const auto empty = scene_of(none);
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ErrorCode::no_keypoints);
  EXPECT_THAT(empty.error().message, HasSubstr("no keypoints of the left fencer"));

  rows::Row displaced = row(5);
  displaced.tracks.displacements = true;
  EXPECT_EQ(scene_of(displaced).error().code, ErrorCode::no_keypoints);

  rows::Row never = row(5);
  for (auto& point : never.tracks.right.points) point.keypoints[joint::left_knee] = {};
  const auto missing = scene_of(never);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("joint 13 of the right fencer is missing in every frame"));
}

TEST(Recorded, BothFencersStayInThePictureWhateverTheUnit) {
  for (const float unit : {1.F, .2F, 126.F, 900.F}) {
    rows::Row scaled = row(8);
    for (const Side side : types::both_sides) {
      for (auto& point : scaled.tracks[side].points) {
        for (auto& keypoint : point.keypoints) keypoint = {keypoint.x * unit, keypoint.y * unit, 1};
      }
    }
    const auto scene = scene_of(scaled);
    ASSERT_TRUE(scene) << scene.error().message;
    const Renderer renderer(*scene, {});
    const auto truth = renderer.truth(0);
    for (const Side side : types::both_sides) {
      for (const types::Keypoint& point : truth[side]) {
        EXPECT_GT(point.x, 0) << unit;
        EXPECT_LT(point.x, 1280) << unit;
        EXPECT_GT(point.y, 0) << unit;
        EXPECT_LT(point.y, 720) << unit;
      }
    }
  }
}

TEST(Recorded, NonsenseStillGivesAPicture) {
  rows::Row collapsed = row(6);
  rows::Row wild = row(6);
  for (const Side side : types::both_sides) {
    for (auto& point : collapsed.tracks[side].points) point.keypoints.fill({3, 3, 1});
    wild.tracks[side].points[3].keypoints[joint::right_wrist] = {1e6F, -1e6F, 1};
    wild.tracks[side].points[4].keypoints.fill({-1e6F, 1e6F, 1});
  }
  for (const rows::Row& nonsense : {collapsed, wild}) {
    const auto scene = scene_of(nonsense);
    ASSERT_TRUE(scene) << scene.error().message;
    const Renderer renderer(*scene, {.width = 320, .height = 180});
    for (int i = 0; i < renderer.frames(); ++i) EXPECT_EQ(renderer.frame(i).bgr.size(), 320U * 180U * 3U);
  }
}

class RowFiles : public testing::Test {
 protected:
  void SetUp() override {
    const std::string track =
        "[[[1,1],[1,1],[1,1],[1,1],[1,1],[1,1],[1,1],[1,1],[1,1],[1,1],[1,2],[1,2],[1,2],[1,2],[1,2],"
        "[1,3],[1,3]]]";
    std::ofstream file(path, std::ios::binary);
    file << R"({"id":"a","fps":30,"signal":"s","left":null,"right":null})" << "\n"
         << R"({"id":"b","fps":30,"signal":"log of b","left":)" << track << R"(,"right":)" << track << "}\n"
         << "{\"id\":\"c\", this is broken\n";
  }
  void TearDown() override { std::filesystem::remove(path); }
  const std::filesystem::path path =
      testing::TempDir() + "piste_rows_" + std::to_string(::getpid()) + ".jsonl";
};

TEST_F(RowFiles, AreFoundByNumberAndById) {
  const auto by_number = load_row(path, std::size_t{2});
  ASSERT_TRUE(by_number) << by_number.error().message;
  EXPECT_EQ(by_number->id, "b");
  const auto by_id = load_row(path, std::string("b"));
  ASSERT_TRUE(by_id) << by_id.error().message;
  EXPECT_EQ(by_id->scoring_log, "log of b");
}

TEST_F(RowFiles, SayWhichRowIsWrong) {
  EXPECT_THAT(load_row(path, std::size_t{1}).error().message, HasSubstr("row 1: the row has no keypoints"));
  EXPECT_THAT(load_row(path, std::size_t{3}).error().message, HasSubstr("row 3: not JSON"));
  EXPECT_THAT(load_row(path, std::size_t{4}).error().message, HasSubstr("the file has rows 1 to 3"));
  EXPECT_THAT(load_row(path, std::size_t{0}).error().message, HasSubstr("counted from 1"));
  EXPECT_THAT(load_row(path, std::string("z\n")).error().message, HasSubstr("no row has the id 'z\\x0A'"));
  EXPECT_EQ(load_row("/nowhere.jsonl", std::size_t{1}).error().code, ErrorCode::io);
}

TEST(RecordedPhrases, AllRowsWithKeypointsCanBeDrawn) {
  const std::filesystem::path phrases = PISTE_SOURCE_DIR "/../shared/data/phrases/phrases.jsonl.gz";
  if (!std::filesystem::exists(phrases)) GTEST_SKIP() << "the recorded phrases are not here";
  std::size_t drawn = 0;
  for (std::size_t number = 1; number <= 257; number += 16) {
    const auto scene = load_row(phrases, number);
    if (!scene) {
      EXPECT_EQ(scene.error().code, ErrorCode::no_keypoints) << scene.error().message;
      continue;
    }
    const Renderer renderer(*scene, {.width = 320, .height = 180});
    EXPECT_EQ(renderer.frame(renderer.frames() - 1).bgr.size(), 320U * 180U * 3U);
    ++drawn;
  }
  EXPECT_GE(drawn, 5U);
}

}  // namespace
}  // namespace piste::render
