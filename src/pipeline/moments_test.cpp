#include "pipeline/moments.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace piste::pipeline {
namespace {

// The times of frames with these numbers, at 10 frames/s, in order.
std::vector<double> times(const std::vector<std::int64_t>& numbers, std::optional<std::int64_t> first = {}) {
  const test::TempDir directory;
  const auto log = recording::FrameLog::create(directory / "frames.log", {32, 32, 10}).value();
  for (const auto number : numbers) {
    const types::EncodedFrame frame{number, {}, types::Encoding::jpeg,
                                    32,     32, std::make_shared<const types::Bytes>(1, std::uint8_t{1})};
    EXPECT_TRUE(log->append(frame).ok());
  }
  const Moments moments(*log, {.fps = 10}, first);
  std::vector<double> out;
  for (const auto& place : moments.places()) out.push_back(place.time);
  return out;
}

void expect_times(const std::vector<double>& found, const std::vector<double>& right) {
  ASSERT_EQ(found.size(), right.size());
  for (std::size_t i = 0; i < right.size(); ++i) EXPECT_NEAR(found[i], right[i], 1e-9) << i;
}

TEST(Moments, AreCountedFromFrameZeroWhetherItCameOrNot) {
  expect_times(times({0, 1, 3}), {0, .1, .3});
  expect_times(times({2, 3, 4}), {.2, .3, .4});
  expect_times(times({3, 2}), {.2, .3});
}

TEST(Moments, AreCountedFromWhereTheNumbersBegin) {
  expect_times(times({57'812, 57'813, 57'815}), {0, .1, .3});
  expect_times(times({1, 2, 3}), {0, .1, .2});
  expect_times(times({5, 6}, 5), {0, .1});
  expect_times(times({5, 6}, 4), {.1, .2});
}

}  // namespace
}  // namespace piste::pipeline
