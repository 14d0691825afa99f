#include "base/histogram.h"

#include <gtest/gtest.h>

namespace piste::base {
namespace {

TEST(Histogram, CountsUnderTheFirstBoundThatIsNotLess) {
  Histogram<3> histogram({0.001, 0.01, 0.1});
  for (const double seconds : {0.0, 0.001, 0.002, 0.1, 5.0, -1.0}) histogram.add(seconds);
  histogram.add(std::chrono::milliseconds(5));
  EXPECT_EQ(histogram.count(0), 3u);
  EXPECT_EQ(histogram.count(1), 2u);
  EXPECT_EQ(histogram.count(2), 1u);
  EXPECT_EQ(histogram.count(3), 1u);
  EXPECT_NEAR(histogram.sum(), 5.108, 1e-5);
}

}  // namespace
}  // namespace piste::base
