#include "bout/lag.h"

#include <gtest/gtest.h>

#include <cmath>

namespace piste::bout {
namespace {

using types::Side;
using types::box::Lamp;
using types::box::LampState;

constexpr double frame = .033;  // s

class PictureLagOfABout : public testing::Test {
 protected:
  void told(double at, Side side = Side::left, double error = 0) {
    meter.told({side, LampState::valid}, {at, error});
  }
  // In the frame that ends then.
  void seen(double at, Side side = Side::left) { meter.seen({side, LampState::valid}, {at, frame}); }
  void hit(double at, double lag, Side side = Side::left) {
    told(at, side);
    seen(at + lag + frame / 2, side);
  }
  double lag() const { return meter.lag() ? meter.lag()->seconds : NAN; }

  LagMeter meter;
};

TEST_F(PictureLagOfABout, IsKnownFromThreeHitsOn) {
  hit(10, .18);
  hit(20, .19, Side::right);
  EXPECT_FALSE(meter.lag());
  hit(30, .17);
  EXPECT_NEAR(lag(), .18, 1e-9);
  EXPECT_NEAR(meter.lag()->error, frame / 2 / std::sqrt(3), 1e-9);
  EXPECT_FALSE(meter.settled());
  for (int i = 0; i < 6; ++i) hit(40 + 10 * i, .18);
  EXPECT_TRUE(meter.settled());
}

TEST_F(PictureLagOfABout, DoesNotDependOnWhoIsFirstToTell) {
  for (int i = 0; i < 3; ++i) {
    seen(10.0 * i + .5);
    told(10.0 * i);
  }
  EXPECT_NEAR(lag(), .5 - frame / 2, 1e-9);
}

TEST_F(PictureLagOfABout, HitsOfBothAtOnceArePairedBySide) {
  for (int i = 0; i < 2; ++i) {
    const double at = 10.0 * i;
    told(at, Side::left);
    told(at + .12, Side::right);
    seen(at + .2, Side::left);
    seen(at + .32, Side::right);
  }
  EXPECT_NEAR(lag(), .2 - frame / 2, 1e-9);
}

TEST_F(PictureLagOfABout, WhatNobodyElseSaysCountsNothing) {
  told(5);   // a lamp that was hidden
  seen(50);  // another piste's
  for (int i = 0; i < 3; ++i) hit(100 + 10 * i, .2, Side::right);
  meter.told({Side::left, LampState::off}, {200, 0});
  meter.seen({Side::left, LampState::valid, {}, false, true}, {200.2, frame});
  EXPECT_NEAR(lag(), .2, 1e-9);
}

TEST_F(PictureLagOfABout, OneThatIsFarFromTheOthersIsLeftOut) {
  for (int i = 0; i < 4; ++i) hit(10 * i, .2);
  hit(90, 1.4);
  EXPECT_NEAR(lag(), .2, 1e-9);
}

TEST_F(PictureLagOfABout, HitsThatDisagreeTellNothing) {
  hit(10, .1);
  hit(20, .6);
  hit(30, 1.2);
  hit(40, 2);
  EXPECT_FALSE(meter.lag());
}

TEST_F(PictureLagOfABout, ACoarseBoxMakesItLessSure) {
  for (int i = 0; i < 4; ++i) {
    told(10 * i, Side::left, .031);
    seen(10 * i + .2);
  }
  EXPECT_NEAR(meter.lag()->error, (.031 + frame / 2) / 2, 1e-9);
}

TEST_F(PictureLagOfABout, ACameraThatWasChangedIsMeasuredAnew) {
  for (int i = 0; i < 9; ++i) hit(10 * i, .2);
  for (int i = 9; i < 18; ++i) hit(10 * i, .5);
  EXPECT_NEAR(lag(), .5, 1e-9);
}

}  // namespace
}  // namespace piste::bout
