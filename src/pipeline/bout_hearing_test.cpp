#include "pipeline/bout_hearing.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace piste::pipeline {
namespace {

using types::Side;
using types::box::Lamp;
using types::box::LampState;

constexpr double fps = 30;
constexpr double camera = 1000;  // s that its clock is ahead of the node's

class BoutHearingTest : public testing::Test {
 protected:
  BoutHearing& hearing() {
    if (!made_) {
      settings_.fps = fps;
      settings_.timestamps = types::Timestamps::capture;
      settings_.directory = folder_.path();
      made_.emplace(settings_);
      for (int i = 0; i < 60; ++i) made_->frame(i, camera + i / fps, i / fps);
    }
    return *made_;
  }
  static types::box::Event lamp(double at, double error = 0, Side side = Side::left) {
    return {Lamp{side, LampState::valid}, {at, error}};
  }
  // The picture shows it so much later.
  void hit(double at, double lag) {
    hearing().tell(lamp(at), Told::by_box);
    hearing().saw({lamp(camera + at + lag)});
  }
  double heard_at() {
    const auto events = hearing().take_until(1e9);
    return events.size() == 1 ? events.front().moment.at : -1;
  }

  const test::TempDir folder_;
  PhraseSettings settings_;
  std::optional<BoutHearing> made_;
};

TEST_F(BoutHearingTest, LampsInThePictureCountWhereNobodyElseTells) {
  hearing().saw({lamp(camera + 1)});
  EXPECT_DOUBLE_EQ(heard_at(), camera + 1);
  hearing().tell(lamp(camera + 5), Told::by_client);
  EXPECT_DOUBLE_EQ(heard_at(), camera + 5);
  hearing().saw({lamp(camera + 5.1)});
  EXPECT_EQ(heard_at(), -1);
  EXPECT_FALSE(hearing().needs_lamps());
}

TEST_F(BoutHearingTest, BesideABoxTheyMeasureThePicturesLagWhichIsUsedFromThenOn) {
  hit(10, .25);
  hit(20, .25);
  EXPECT_FALSE(hearing().take_new_lag());
  hit(30, .25);
  const auto lag = hearing().take_new_lag();
  ASSERT_TRUE(lag);
  EXPECT_NEAR(lag->seconds, .25, 1e-9);
  EXPECT_FALSE(hearing().take_new_lag()) << "told once";
  hearing().take_until(1e9);
  hearing().tell(lamp(40, .01), Told::by_box);
  const auto events = hearing().take_until(1e9);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_NEAR(events[0].moment.at, camera + 40.25, 1e-9);
  EXPECT_NEAR(events[0].moment.error, .01 + lag->error, 1e-9);
}

TEST_F(BoutHearingTest, ALagThatIsKnownCountsFromTheStartAndIsPutRight) {
  settings_.picture_lag = types::PictureLag{.3, 0};
  hearing().tell(lamp(10), Told::by_box);
  EXPECT_NEAR(heard_at(), camera + 10.3, 1e-9);
  for (int i = 2; i < 5; ++i) hit(10 * i, .1);
  ASSERT_TRUE(hearing().take_new_lag());
  hearing().take_until(1e9);
  hearing().tell(lamp(60), Told::by_box);
  EXPECT_NEAR(heard_at(), camera + 60.1, 1e-9);
}

TEST_F(BoutHearingTest, OneThatIsAsKnownIsNoNews) {
  settings_.picture_lag = types::PictureLag{.25, 0};
  for (int i = 1; i < 5; ++i) hit(10 * i, .254);
  EXPECT_FALSE(hearing().take_new_lag());
}

TEST_F(BoutHearingTest, LampsAreLookedForUntilTheLagIsSettled) {
  for (int i = 1; i < 9; ++i) hit(10 * i, .25);
  EXPECT_TRUE(hearing().needs_lamps());
  hit(90, .25);
  EXPECT_FALSE(hearing().needs_lamps());
}

TEST_F(BoutHearingTest, WhoTapsSeesThePictureOfLifeAndIsNoBox) {
  settings_.picture_lag = types::PictureLag{.3, 0};
  hearing().tell(lamp(10), Told::by_hand);
  EXPECT_NEAR(heard_at(), camera + 10, 1e-9);
  EXPECT_FALSE(hearing().needs_lamps());
}

}  // namespace
}  // namespace piste::pipeline
