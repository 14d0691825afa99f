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
  EXPECT_TRUE(make_timeline({}, 30).times.empty());
}

TEST(Timeline, OneFrameIsAtZero) {
  const Stamp only{7, 1699276800.0};
  EXPECT_THAT(make_timeline({&only, 1}, 30).times, ElementsAre(0.0));
}

TEST(Timeline, UsesTimestampsThatKeepThePace) {
  auto stamps = steady(4, 1.0 / 30);
  *stamps[2].timestamp += 0.008;  // the camera's jitter is the truth
  const Timeline timeline = make_timeline(stamps, 30);
  EXPECT_EQ(timeline.source, TimeSource::timestamps);
  EXPECT_NEAR(timeline.times[2], 2.0 / 30 + 0.008, 1e-6);
}

TEST(Timeline, LostFramesStayAsTime) {
  const std::vector<Stamp> stamps{{0, {}}, {1, {}}, {11, {}}, {12, {}}};
  const Timeline timeline = make_timeline(stamps, 10);
  EXPECT_EQ(timeline.source, TimeSource::numbers);
  EXPECT_THAT(timeline.times,
              ElementsAre(0.0, DoubleNear(.1, 1e-9), DoubleNear(1.1, 1e-9), DoubleNear(1.2, 1e-9)));
}

TEST(Timeline, LostFramesDoNotSpoilTimestamps) {
  auto stamps = steady(40, 1.0 / 30);
  stamps.erase(stamps.begin() + 10, stamps.begin() + 25);
  const Timeline timeline = make_timeline(stamps, 30);
  EXPECT_EQ(timeline.source, TimeSource::timestamps);
  EXPECT_NEAR(timeline.times[10], 25.0 / 30, 1e-6);
}

TEST(Timeline, KeepsTheStampsOrder) {
  auto stamps = steady(3, 0.1);
  std::swap(stamps[0], stamps[2]);
  const Timeline timeline = make_timeline(stamps, 10);
  EXPECT_EQ(timeline.source, TimeSource::timestamps);
  EXPECT_THAT(timeline.times, ElementsAre(DoubleNear(.2, 1e-6), DoubleNear(.1, 1e-6), DoubleNear(0, 1e-6)));
}

TEST(Timeline, StartsAtTheLowestNumber) {
  const std::vector<Stamp> stamps{{105, {}}, {100, {}}};
  EXPECT_THAT(make_timeline(stamps, 10).times, ElementsAre(DoubleNear(.5, 1e-9), 0.0));
}

// The guide's example stamps frames with the time of sending: a file goes out faster than it was filmed.
TEST(Timeline, TimesOfSendingAreNotBelieved) {
  EXPECT_EQ(make_timeline(steady(10, 1.0 / 400), 30).source, TimeSource::numbers);
  EXPECT_EQ(make_timeline(steady(10, 1.0 / 20), 30).source, TimeSource::numbers);
  EXPECT_NEAR(make_timeline(steady(10, 1.0 / 400), 30).times[9], 0.3, 1e-9);
}

TEST(Timeline, TheBoundsOfThePace) {
  EXPECT_EQ(make_timeline(steady(10, 0.81 / 30), 30).source, TimeSource::timestamps);
  EXPECT_EQ(make_timeline(steady(10, 1.24 / 30), 30).source, TimeSource::timestamps);
  EXPECT_EQ(make_timeline(steady(10, 0.79 / 30), 30).source, TimeSource::numbers);
  EXPECT_EQ(make_timeline(steady(10, 1.26 / 30), 30).source, TimeSource::numbers);
}

TEST(Timeline, NonsenseIsNotBelieved) {
  for (const std::optional<double> bad :
       {std::optional<double>{}, std::optional(nan), std::optional(1e300), std::optional(0.0)}) {
    auto stamps = steady(5, 1.0 / 30);
    stamps[3].timestamp = bad;
    const Timeline timeline = make_timeline(stamps, 30);
    EXPECT_EQ(timeline.source, TimeSource::numbers);
    EXPECT_NEAR(timeline.times[4], 4.0 / 30, 1e-9);
  }
  auto leap = steady(5, 1.0 / 30);
  leap[4].timestamp = 1e300;
  EXPECT_EQ(make_timeline(leap, 30).source, TimeSource::numbers);
  auto still = steady(5, 0);
  EXPECT_EQ(make_timeline(still, 30).source, TimeSource::numbers);
}

TEST(Timeline, FarApartNumbersCostNothing) {
  const std::vector<Stamp> stamps{{0, {}}, {std::int64_t{1} << 53, {}}};
  EXPECT_EQ(make_timeline(stamps, 30).times.size(), 2u);
}

}  // namespace
}  // namespace piste::recording
