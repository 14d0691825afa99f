#include "tracking/posture.h"

#include <gtest/gtest.h>

namespace piste::tracking {
namespace {

types::Keypoints body(float x, float y, float to_head_x, float to_head_y) {
  types::Keypoints points;
  for (std::size_t joint = 0; joint < types::joint::count; ++joint) {
    const float part = joint >= types::joint::left_ankle ? 0.0F
                       : joint >= types::joint::left_hip ? 0.5F
                                                         : 1.0F;
    points[joint] = {x + part * to_head_x, y + part * to_head_y, 0.9F};
  }
  return points;
}

types::Tracks tracks_of(int frames, float to_head_x, float to_head_y) {
  types::Tracks tracks;
  for (int i = 0; i < frames; ++i) {
    tracks.left.points.push_back({i, i / 30.0, true, true, body(100, 200, to_head_x, to_head_y)});
    tracks.right.points.push_back({i, i / 30.0, true, true, body(400, 200, to_head_x, to_head_y)});
  }
  return tracks;
}

TEST(Posture, SaysWhereTheHeadsPoint) {
  EXPECT_EQ(heads_of(tracks_of(20, 10, -90)), Heads::up);
  EXPECT_EQ(heads_of(tracks_of(20, 10, 90)), Heads::down);
  EXPECT_EQ(heads_of(tracks_of(20, -90, 10)), Heads::left);
  EXPECT_EQ(heads_of(tracks_of(20, 90, 10)), Heads::right);
}

TEST(Posture, AFallIsNoTurn) {
  auto tracks = tracks_of(20, 10, -90);
  for (int i = 12; i < 20; ++i)
    tracks.left.points[static_cast<std::size_t>(i)].keypoints = body(100, 200, 90, 5);
  EXPECT_EQ(heads_of(tracks), Heads::up);
}

TEST(Posture, IsUnclearWhereMostDoNotStandAndNoWayIsCommon) {
  auto tracks = tracks_of(20, 10, 90);
  for (int i = 0; i < 20; ++i)
    tracks.left.points[static_cast<std::size_t>(i)].keypoints = body(100, 200, 90, 5);
  EXPECT_EQ(heads_of(tracks), Heads::unclear);
}

TEST(Posture, NobodyIsUpright) {
  EXPECT_EQ(heads_of({}), Heads::up);
  EXPECT_EQ(heads_of(tracks_of(2, 10, 90)), Heads::up);
  auto unseen = tracks_of(20, 10, 90);
  for (const types::Side side : types::both_sides)
    for (auto& point : unseen[side].points) point.seen = false;
  EXPECT_EQ(heads_of(unseen), Heads::up);
}

}  // namespace
}  // namespace piste::tracking
