#include "pipeline/workers.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace piste::pipeline {
namespace {

TEST(Workers, ReturnWhatTheTaskReturnsOrThrows) {
  Workers workers(2);
  const auto lane = workers.make_lane();
  EXPECT_EQ(workers.run(lane, [] { return 42; }).get(), 42);
  EXPECT_THROW(workers.run(lane, []() -> int { throw std::runtime_error("no"); }).get(), std::runtime_error);
}

// One worker, held up by the first task while two lanes fill: it must then alternate between them.
TEST(Workers, TakeFromLanesInTurn) {
  Workers workers(1);
  const auto busy = workers.make_lane();
  const auto long_lane = workers.make_lane();
  const auto short_lane = workers.make_lane();
  std::promise<void> filled;
  auto held = workers.run(busy, [&] { filled.get_future().wait(); });
  std::string order;  // touched by the one worker only
  std::vector<std::future<void>> done;
  for (int i = 0; i < 3; ++i) done.push_back(workers.run(long_lane, [&] { order += 'l'; }));
  for (int i = 0; i < 2; ++i) done.push_back(workers.run(short_lane, [&] { order += 's'; }));
  filled.set_value();
  for (auto& future : done) future.get();
  held.get();
  EXPECT_EQ(order, "lslsl");
}

}  // namespace
}  // namespace piste::pipeline
