#include "referee/decide.h"

#include <gtest/gtest.h>

#include <cmath>

namespace piste::referee {
namespace {

using types::Side;
using types::Winner;

// Hip speed of one fencer over time, forward, in units/s.
using Walk = double (*)(double time);

double keeps_advancing(double) {
  return 1.5;
}
double stops_at_one(double time) {
  return time < 1.0 ? 1.5 : time < 1.3 ? 0.0 : 1.5;
}

types::Keypoints body(double hips, Side side, double unit) {
  types::Keypoints points;
  const double towards = side == Side::left ? 1 : -1;
  const auto put = [&](std::size_t joint, double ahead, double up) {
    points[joint] = {static_cast<float>((hips + towards * ahead) * unit), static_cast<float>(-up * unit), 1};
  };
  put(0, 0.1, 1.6);
  for (std::size_t joint = 1; joint < 5; ++joint) put(joint, 0.05, 1.65);
  for (std::size_t joint = 5; joint < 17; ++joint) {
    const double front = joint % 2 == 0 ? 1 : -1;
    put(joint, 0.3 * front, 1.5 - 0.11 * static_cast<double>(joint - 5));
  }
  return points;
}

types::Tracks walk(Walk left, Walk right, double fps = 30, double unit = 120, double length = 2.0) {
  types::Tracks tracks;
  tracks.fps = fps;
  types::PerSide<double> place{0, 4.6};
  for (int i = 0; i / fps <= length; ++i) {
    for (const Side side : types::both_sides) {
      types::TrackPoint point{i, i / fps, true, true, body(place[side], side, unit)};
      tracks[side].points.push_back(point);
    }
    place.left += left(i / fps) / fps;
    place.right -= right(i / fps) / fps;
  }
  return tracks;
}

types::Phrase both_lights(double time) {
  types::Phrase phrase;
  phrase.touches = {{Side::left, time, true}, {Side::right, time + 0.05, true}};
  return phrase;
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
  EXPECT_NE(verdict.reason.find("Right fencer stopped at 1."), std::string::npos) << verdict.reason;
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

}  // namespace
}  // namespace piste::referee
