#include "camera/account.h"

#include <gtest/gtest.h>

namespace piste::camera {
namespace {

using types::CameraFrame;
using types::CameraMotion;
using types::Sight;
using types::Tracks;
using types::View;

constexpr int frames = 60;
constexpr double fps = 30;

// Both fencers stand where they are; so many pixels a frame is what the camera moves.
Tracks tracks(double pan = 0, int count = frames) {
  Tracks out;
  for (int i = 0; i < count; ++i) {
    for (const types::Side side : types::both_sides) {
      types::TrackPoint point;
      point.number = i;
      point.time = i / fps;
      point.seen = point.reliable = true;
      for (auto& keypoint : point.keypoints)
        keypoint = {static_cast<float>((side == types::Side::left ? 300 : 900) + pan * i), 400, .9F};
      out[side].points.push_back(point);
    }
  }
  return out;
}

CameraMotion motion(double pan = 0, int count = frames) {
  CameraMotion out;
  for (int i = 0; i < count; ++i) {
    CameraFrame frame;
    frame.number = i;
    frame.view.x = pan * i;
    out.frames.push_back(frame);
  }
  return out;
}

TEST(OnPiste, WhoOnlyMovesWithTheCameraStands) {
  const Tracks seen = on_piste(tracks(6), motion(6), 1.5);
  for (const auto& point : seen.left.points) EXPECT_NEAR(point.keypoints[0].x, 300, 1e-3);
  const auto account = account_of(tracks(6), motion(6), 1.5, 1280, 720);
  EXPECT_TRUE(account.moved);
  EXPECT_NEAR(account.speed_median, 6 * fps / 1280, 1e-6);
  EXPECT_TRUE(account.warnings.empty());
  EXPECT_EQ(account.doubt, "");
  EXPECT_EQ(account.trust, 1);
}

TEST(OnPiste, ACameraThatStandsChangesNoBit) {
  const Tracks before = tracks(3);
  const Tracks after = on_piste(before, motion(), 1.5);
  for (std::size_t i = 0; i < before.left.points.size(); ++i) {
    EXPECT_EQ(before.left.points[i].keypoints[3].x, after.left.points[i].keypoints[3].x);
    EXPECT_EQ(before.left.points[i].seen, after.left.points[i].seen);
  }
  EXPECT_FALSE(account_of(before, motion(), 1.5, 1280, 720).moved);
}

TEST(OnPiste, WhatIsBeforeACutIsNotComparedWithTheHit) {
  CameraMotion cut = motion();
  for (auto& frame : cut.frames) frame.shot = frame.number < 30 ? 0 : 1;
  const Tracks seen = on_piste(tracks(), cut, 1.9);
  EXPECT_FALSE(seen.left.points[29].seen);
  EXPECT_EQ(seen.left.points[29].keypoints[0].score, 0);
  EXPECT_TRUE(seen.left.points[30].seen);
  const auto account = account_of(tracks(), cut, 1.9, 1280, 720);
  ASSERT_EQ(account.cuts.size(), 1u);
  EXPECT_EQ(account.cuts[0].last_frame, 30);
  EXPECT_EQ(account.doubt, "the picture is cut 0.90 s before the hit");
  ASSERT_EQ(account.warnings.size(), 1u);
  // A hit before the cut is seen by what was before it.
  EXPECT_TRUE(on_piste(tracks(), cut, .5).left.points[29].seen);
  EXPECT_EQ(account_of(tracks(), cut, .5, 1280, 720).doubt, "");
}

TEST(OnPiste, APictureThatIsCutAgainAndAgainIsSaidOnce) {
  CameraMotion cut = motion();
  for (auto& frame : cut.frames) frame.shot = static_cast<int>(frame.number / 8);
  const auto account = account_of(tracks(), cut, 1.9, 1280, 720);
  ASSERT_EQ(account.warnings.size(), 1u);
  EXPECT_EQ(account.warnings[0],
            "The picture is cut, or swung too fast to follow, at 0.27 s, at 0.53 s, at 0.80 s, at 1.07 s and "
            "3 times more: what was before is not compared with what came after");
  EXPECT_EQ(account.doubt, "the picture is cut 0.03 s before the hit");
}

TEST(OnPiste, WhatIsNotKnownOfTheCameraIsNotTrusted) {
  CameraMotion blurred = motion();
  for (auto& frame : blurred.frames)
    if (frame.number >= 30 && frame.number < 45) frame.sight = Sight::lost;
  const auto account = account_of(tracks(), blurred, 1.9, 1280, 720);
  EXPECT_NEAR(account.trust, .5, .05);
  EXPECT_NE(account.doubt.text.find("of the last second before the hit"), std::string::npos) << account.doubt;
  ASSERT_EQ(account.lost.size(), 1u);
  EXPECT_EQ(account.lost[0].first_frame, 30);
  EXPECT_EQ(account.lost[0].last_frame, 44);
}

TEST(OnPiste, RepeatedPicturesAreNoPauses) {
  CameraMotion slow = motion();
  for (auto& frame : slow.frames) frame.repeated = frame.number % 2 == 1;
  const Tracks seen = on_piste(tracks(), slow, 1.9);
  EXPECT_EQ(seen.left.points[3].keypoints[0].score, 0);
  EXPECT_GT(seen.left.points[4].keypoints[0].score, 0);
  const auto account = account_of(tracks(), slow, 1.9, 1280, 720);
  EXPECT_NEAR(account.new_pictures, 15, .5);
  ASSERT_EQ(account.warnings.size(), 1u);
  EXPECT_EQ(account.warnings[0], "Pictures are repeated: of 30 a second 15 are new");
}

TEST(OnPiste, BlendedPicturesAreNoneAndSlowMotionIsLookedAt) {
  CameraMotion slow = motion();
  for (auto& frame : slow.frames) frame.blended = frame.number % 4 != 0;
  const Tracks seen = on_piste(tracks(), slow, 1.9);
  EXPECT_EQ(seen.left.points[5].keypoints[0].score, 0);
  EXPECT_GT(seen.left.points[4].keypoints[0].score, 0);
  const auto account = account_of(tracks(), slow, 1.9, 1280, 720);
  ASSERT_EQ(account.warnings.size(), 1u);
  EXPECT_EQ(account.warnings[0], "Pictures are blended, as for slow motion: of 30 a second 8 are new");
  EXPECT_EQ(account.doubt, "only 8 new pictures a second are there (12 are needed): it may be slow motion");
}

TEST(OnPiste, AFrozenPictureIsSaid) {
  CameraMotion frozen = motion();
  for (auto& frame : frozen.frames) frame.repeated = frame.number >= 40 && frame.number < 55;
  const auto account = account_of(tracks(), frozen, 1.9, 1280, 720);
  ASSERT_EQ(account.frozen.size(), 1u);
  EXPECT_EQ(account.frozen[0].first_frame, 40);
  EXPECT_EQ(account.doubt, "the picture stands still from 1.33 to 1.80 s");
}

// Who was held up in the picture did not stand; and the action may have begun meanwhile.
TEST(OnPiste, APictureThatFreezesOnceIsNoPauseAndADoubtAsFarBackAsTheRefereeLooks) {
  CameraMotion frozen = motion(0, 120);
  for (auto& frame : frozen.frames) frame.repeated = frame.number >= 40 && frame.number < 52;
  const Tracks seen = on_piste(tracks(0, 120), frozen, 3.5);
  EXPECT_GT(seen.left.points[39].keypoints[0].score, 0);
  EXPECT_EQ(seen.left.points[45].keypoints[0].score, 0);
  EXPECT_TRUE(seen.left.points[45].seen);
  EXPECT_GT(seen.left.points[52].keypoints[0].score, 0);
  const auto account = account_of(tracks(0, 120), frozen, 3.5, 1280, 720);
  EXPECT_EQ(account.new_pictures, 0);
  EXPECT_EQ(account.doubt, "the picture stands still from 1.33 to 1.70 s");
  EXPECT_EQ(account_of(tracks(0, 120), frozen, 4.3, 1280, 720).doubt, "") << "long before";
}

}  // namespace
}  // namespace piste::camera
