#include "render/scene.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace piste::render {
namespace {

FencerTrack track_of(const std::vector<double>& positions, double rate) {
  FencerTrack track;
  track.rate = rate;
  for (const double x : positions) {
    Stance stance;
    stance.joints.fill({x, -x});
    stance.tip = {2 * x, 0};
    track.stances.push_back(stance);
  }
  return track;
}

TEST(FencerTrack, PassesThroughItsSamples) {
  const FencerTrack track = track_of({0, 1, 4, 3, 3}, 15);
  for (int i = 0; i < 5; ++i) {
    const Stance stance = track.at(i / 15.0);
    EXPECT_NEAR(stance.joints[3].x, track.stances[static_cast<std::size_t>(i)].joints[3].x, 1e-6);
    EXPECT_NEAR(stance.tip.x, track.stances[static_cast<std::size_t>(i)].tip.x, 1e-6);
  }
}

TEST(FencerTrack, IsHeldBeforeTheFirstAndAfterTheLastSample) {
  const FencerTrack track = track_of({2, 5}, 30);
  EXPECT_EQ(track.at(-1).joints[0].x, 2);
  EXPECT_EQ(track.at(100).joints[0].x, 5);
}

TEST(FencerTrack, GoesEvenlyBetweenEvenSamples) {
  const FencerTrack track = track_of({0, 1, 2, 3}, 10);
  EXPECT_NEAR(track.at(.15).joints[0].x, 1.5, 1e-9);
  EXPECT_NEAR(track.at(.175).joints[0].y, -1.75, 1e-9);
}

TEST(FencerTrack, NeverOvershoots) {
  const std::vector<double> positions{0, 0, 5, 5, 1, 1};
  const FencerTrack track = track_of(positions, 10);
  for (double time = 0; time < .5; time += .004) {
    const double x = track.at(time).joints[0].x;
    const auto before = static_cast<std::size_t>(time * 10);
    EXPECT_GE(x, std::min(positions[before], positions[before + 1]) - 1e-9) << time;
    EXPECT_LE(x, std::max(positions[before], positions[before + 1]) + 1e-9) << time;
  }
}

}  // namespace
}  // namespace piste::render
