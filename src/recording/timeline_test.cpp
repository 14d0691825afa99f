#include "recording/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace piste::recording {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// count frames at the given pace in seconds a frame, on a clock like the guide's.
std::vector<Stamp> steady(int count, double pace) {
  std::vector<Stamp> stamps;
  for (int i = 0; i < count; ++i) stamps.push_back({i, 1699276800.123 + i * pace});
  return stamps;
}

TEST(Timeline, IsEmptyWithoutFrames) {
  EXPECT_TRUE(make_timeline({}, {.fps = 30}).times.empty());
}

TEST(Timeline, OneFrameIsAtZero) {
  const Stamp only{7, 1699276800.0};
  EXPECT_THAT(make_timeline({&only, 1}, {.fps = 30}).times, ElementsAre(0.0));
}

TEST(Timeline, UsesTimestampsThatKeepThePace) {
  auto stamps = steady(4, 1.0 / 30);
  *stamps[2].timestamp += 0.008;  // the camera's jitter is the truth
  const Timeline timeline = make_timeline(stamps, {.fps = 30});
  EXPECT_EQ(timeline.source, TimeSource::timestamps);
  EXPECT_NEAR(timeline.times[2], 2.0 / 30 + 0.008, 1e-6);
}

TEST(Timeline, LostFramesStayAsTime) {
  const std::vector<Stamp> stamps{{0, {}}, {1, {}}, {11, {}}, {12, {}}};
  const Timeline timeline = make_timeline(stamps, {.fps = 10});
  EXPECT_EQ(timeline.source, TimeSource::numbers);
  EXPECT_THAT(timeline.times,
              ElementsAre(0.0, DoubleNear(.1, 1e-9), DoubleNear(1.1, 1e-9), DoubleNear(1.2, 1e-9)));
}

TEST(Timeline, LostFramesDoNotSpoilTimestamps) {
  auto stamps = steady(40, 1.0 / 30);
  stamps.erase(stamps.begin() + 10, stamps.begin() + 25);
  const Timeline timeline = make_timeline(stamps, {.fps = 30});
  EXPECT_EQ(timeline.source, TimeSource::timestamps);
  EXPECT_NEAR(timeline.times[10], 25.0 / 30, 1e-6);
}

TEST(Timeline, KeepsTheStampsOrder) {
  auto stamps = steady(3, 0.1);
  std::swap(stamps[0], stamps[2]);
  const Timeline timeline = make_timeline(stamps, {.fps = 10});
  EXPECT_EQ(timeline.source, TimeSource::timestamps);
  EXPECT_THAT(timeline.times, ElementsAre(DoubleNear(.2, 1e-6), DoubleNear(.1, 1e-6), DoubleNear(0, 1e-6)));
}

TEST(Timeline, StartsAtTheLowestNumber) {
  const std::vector<Stamp> stamps{{105, {}}, {100, {}}};
  EXPECT_THAT(make_timeline(stamps, {.fps = 10}).times, ElementsAre(DoubleNear(.5, 1e-9), 0.0));
}

// The guide's example stamps frames with the time of sending: a file goes out faster than it was filmed.
TEST(Timeline, TimesOfSendingAreNotBelieved) {
  EXPECT_EQ(make_timeline(steady(10, 1.0 / 400), {.fps = 30}).source, TimeSource::numbers);
  EXPECT_EQ(make_timeline(steady(10, 1.0 / 20), {.fps = 30}).source, TimeSource::numbers);
  EXPECT_NEAR(make_timeline(steady(10, 1.0 / 400), {.fps = 30}).times[9], 0.3, 1e-9);
}

TEST(Timeline, WithoutOtherEvidenceATenthIsTheBound) {
  EXPECT_EQ(make_timeline(steady(40, 0.92 / 30), {.fps = 30}).source, TimeSource::timestamps);
  EXPECT_EQ(make_timeline(steady(40, 1.08 / 30), {.fps = 30}).source, TimeSource::timestamps);
  for (const double pace : {0.85, 1.15}) {
    const Timeline timeline = make_timeline(steady(40, pace / 30), {.fps = 30});
    EXPECT_EQ(timeline.source, TimeSource::numbers);
    EXPECT_THAT(timeline.doubt, testing::HasSubstr("30 frames/s are announced"));
  }
}

// Each stamped `delay` before it arrives.
std::vector<Stamp> stamped_when_sent(std::vector<Stamp> stamps, double delay) {
  for (Stamp& stamp : stamps) stamp.arrived = *stamp.timestamp - 1699276000 + delay;
  return stamps;
}

// The stamps are of a recording that is sent as fast as it goes.
std::vector<Stamp> sent_fast(std::vector<Stamp> stamps) {
  for (std::size_t i = 0; i < stamps.size(); ++i) stamps[i].arrived = 5 + 0.006 * static_cast<double>(i);
  return stamps;
}

double length(const Timeline& timeline) {
  return timeline.times.back() + timeline.frame_time;
}

// The guide's example over any link: 120 frames of a file of 30 frames/s, one at a time.
TEST(Timeline, ALinksPaceIsNotTheVideos) {
  for (const double pace : {.004, .012, .018, .024, .027, .030, .0333, .036, .040, .050, .075, .12, .3}) {
    for (const double stall : {0.0, 0.3, 0.7}) {
      auto stamps = steady(120, pace);
      for (std::size_t i = 80; i < stamps.size(); ++i) *stamps[i].timestamp += stall;
      for (const double end : {3.8, 4.0, 4.2}) {
        if (end != 4.0 && pace == .0333) continue;  // a camera that lost frames looks the same
        const Timeline timeline =
            make_timeline(stamped_when_sent(stamps, 0.015), {.fps = 30, .ends = {end}, .last_hit = 2.9});
        EXPECT_NEAR(timeline.times[82], 82 / 30.0, 0.051) << pace << " " << stall << " " << end;
        if (end == 4.0) {
          EXPECT_EQ(timeline.doubt, "") << pace << " " << stall;
        }
      }
    }
  }
}

TEST(Timeline, ACameraThatGivesLessThanItSaysKeepsItsOwnTime) {
  for (const double given : {5.0, 7.5, 10.0, 15.0, 18.0, 20.0, 24.0}) {
    const auto stamps = steady(static_cast<int>(4 * given), 1 / given);
    for (const auto& sent : {stamped_when_sent(stamps, 0.02), sent_fast(stamps), stamps}) {
      const Timeline timeline = make_timeline(sent, {.fps = 30, .ends = {4.0}, .last_hit = 2.9});
      EXPECT_EQ(timeline.source, TimeSource::timestamps) << given;
      EXPECT_NEAR(length(timeline), 4, 0.01) << given;
      EXPECT_EQ(timeline.doubt, "") << given;
      ASSERT_EQ(timeline.warnings.size(), 1U) << given;
      EXPECT_THAT(timeline.warnings[0], testing::HasSubstr("30 frames/s"));
    }
  }
}

TEST(Timeline, WhereTheLogFitsNeitherClockAPersonLooks) {
  const auto stamps = stamped_when_sent(steady(60, 1 / 15.0), 0.02);
  EXPECT_NE(make_timeline(stamps, {.fps = 30, .ends = {3.0}}).doubt, "");
  EXPECT_NE(make_timeline(stamps, {.fps = 30}).doubt, "");
  // A hit that only one of them shows.
  const Timeline shown = make_timeline(stamps, {.fps = 30, .last_hit = 2.9});
  EXPECT_EQ(shown.source, TimeSource::timestamps);
  EXPECT_EQ(shown.doubt, "");
}

TEST(Timeline, ARateThatChangesIsKept) {
  std::vector<Stamp> stamps;
  for (int i = 0; i < 120; ++i) stamps.push_back({i, 1699276800 + i / 60.0});
  for (int i = 0; i < 60; ++i) stamps.push_back({120 + i, 1699276802 + i / 30.0});
  for (const auto& sent : {stamped_when_sent(stamps, 0.02), sent_fast(stamps), stamps}) {
    const Timeline timeline = make_timeline(sent, {.fps = 45, .ends = {4.0}, .last_hit = 2.9});
    if (sent[0].arrived && sent[1].arrived == 5.006) {  // cannot be times of sending
      EXPECT_EQ(timeline.source, TimeSource::timestamps);
    }
    const Timeline said = make_timeline(sent, {.fps = 45, .timestamps = types::Timestamps::capture});
    EXPECT_EQ(said.source, TimeSource::timestamps);
    EXPECT_NEAR(said.times[120], 2, 1e-6);
  }
}

TEST(Timeline, ALoneStepIsTheClocks) {
  for (const double step : {0.5, 0.8, 3600.0, -0.8, -0.02, -3600.0}) {
    for (const auto meaning : {types::Timestamps::unsaid, types::Timestamps::capture}) {
      auto stamps = sent_fast(steady(120, 1 / 30.0));
      for (std::size_t i = 60; i < stamps.size(); ++i) *stamps[i].timestamp += step;
      const Timeline timeline = make_timeline(stamps, {.fps = 30, .timestamps = meaning, .ends = {4.0}});
      EXPECT_EQ(timeline.source, TimeSource::timestamps);
      EXPECT_NEAR(timeline.times[82], 82 / 30.0, step == -0.02 ? 0.03 : 1e-3) << step;
      if (step != -0.02) {
        EXPECT_THAT(timeline.warnings, testing::Contains(testing::HasSubstr("clock was set"))) << step;
      }
    }
  }
}

TEST(Timeline, TimeThatPassedHereTooIsNoStep) {
  auto stamps = steady(120, 1 / 30.0);
  for (std::size_t i = 60; i < stamps.size(); ++i) *stamps[i].timestamp += 0.8;
  const Timeline timeline = make_timeline(stamped_when_sent(stamps, 0.02), {.fps = 30, .ends = {4.8}});
  EXPECT_EQ(timeline.source, TimeSource::timestamps);
  EXPECT_NEAR(timeline.times[60], 60 / 30.0 + 0.8, 1e-3);
}

// A camera whose frames waited for a link that stalled.
TEST(Timeline, ABurstIsSpreadOverItsTime) {
  auto stamps = steady(120, 1 / 30.0);
  for (std::size_t i = 80; i < 95; ++i) *stamps[i].timestamp = *stamps[95].timestamp - 0.002 * (95.0 - i);
  const Timeline timeline = make_timeline(stamped_when_sent(stamps, 0.02), {.fps = 30, .ends = {4.0}});
  for (std::size_t i = 0; i < 120; ++i) EXPECT_NEAR(timeline.times[i], i / 30.0, 0.02);
}

TEST(Timeline, ARateThatNoCameraHasIsFoundByTheLogsEnd) {
  for (const double pace : {.004, .036, .07}) {
    const Timeline timeline =
        make_timeline(stamped_when_sent(steady(120, pace), 0.01), {.fps = 1000, .ends = {4.0}});
    EXPECT_NEAR(length(timeline), 4, 0.01) << pace;
    EXPECT_EQ(timeline.warnings.size(), 1U);
  }
  std::vector<Stamp> untimed;
  for (int i = 0; i < 120; ++i) untimed.push_back({i, {}});
  const Timeline found =
      make_timeline(untimed, {.fps = 25, .timestamps = types::Timestamps::none, .ends = {4.0}});
  EXPECT_NEAR(length(found), 4, 0.01);
  EXPECT_EQ(found.doubt, "");
  EXPECT_EQ(found.warnings.size(), 1U);
  const Timeline guessed =
      make_timeline(untimed, {.fps = 25, .timestamps = types::Timestamps::none, .ends = {3.3}});
  EXPECT_EQ(guessed.doubt, "the video does not say its frame rate; 25 is taken");
}

TEST(Timeline, WhatTheClientSaysOfItsTimestampsCounts) {
  const auto stamps = stamped_when_sent(steady(60, 1 / 15.0), 0.02);
  EXPECT_EQ(make_timeline(stamps, {.fps = 30, .timestamps = types::Timestamps::capture}).source,
            TimeSource::timestamps);
  EXPECT_EQ(make_timeline(stamps, {.fps = 30, .timestamps = types::Timestamps::send, .ends = {4.0}}).source,
            TimeSource::numbers);
}

TEST(Timeline, NonsenseIsNotBelieved) {
  for (const std::optional<double> bad :
       {std::optional<double>{}, std::optional(nan), std::optional(1e300), std::optional(0.0)}) {
    auto stamps = steady(5, 1.0 / 30);
    stamps[3].timestamp = bad;
    const Timeline timeline = make_timeline(stamps, {.fps = 30});
    EXPECT_EQ(timeline.source, TimeSource::numbers);
    EXPECT_NEAR(timeline.times[4], 4.0 / 30, 1e-9);
  }
  auto leap = steady(5, 1.0 / 30);
  leap[4].timestamp = 1e300;
  EXPECT_EQ(make_timeline(leap, {.fps = 30}).source, TimeSource::numbers);
  auto still = steady(5, 0);
  EXPECT_EQ(make_timeline(still, {.fps = 30}).source, TimeSource::numbers);
}

TEST(Timeline, FarApartNumbersCostNothing) {
  const std::vector<Stamp> stamps{{0, {}}, {std::int64_t{1} << 53, {}}};
  EXPECT_EQ(make_timeline(stamps, {.fps = 30}).times.size(), 2u);
}

}  // namespace
}  // namespace piste::recording
