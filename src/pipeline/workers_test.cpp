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

// One worker, held up by the first task while lanes fill.
struct OneWorker {
  OneWorker() : held(workers.run(workers.make_lane(), [this] { filled.get_future().wait(); })) {}
  void add(const std::shared_ptr<Workers::Lane>& lane, int count, char name) {
    for (int i = 0; i < count; ++i) done.push_back(workers.run(lane, [this, name] { order += name; }));
  }
  std::string let_go() {
    filled.set_value();
    for (auto& future : done) future.get();
    held.get();
    return order;
  }

  Workers workers{1};
  std::promise<void> filled;
  std::future<void> held;
  std::string order;  // touched by the one worker only
  std::vector<std::future<void>> done;
};

TEST(Workers, TakeFromLanesInTurn) {
  OneWorker one;
  one.add(one.workers.make_lane(), 3, 'l');
  one.add(one.workers.make_lane(), 2, 's');
  EXPECT_EQ(one.let_go(), "lslsl");
}

TEST(Workers, LeaveALaneThatStandsBackForLast) {
  OneWorker one;
  const auto waiting = one.workers.make_lane();
  one.add(waiting, 2, 'w');
  one.workers.stand_back(waiting, true);
  one.add(one.workers.make_lane(), 2, 'a');
  one.add(one.workers.make_lane(), 1, 'b');
  one.add(waiting, 1, 'w');
  EXPECT_EQ(one.let_go(), "abawww");
}

TEST(Workers, TakeALaneThatNoLongerStandsBackInItsTurn) {
  OneWorker one;
  const auto back = one.workers.make_lane();
  one.workers.stand_back(back, true);
  one.add(back, 2, 'w');
  one.add(one.workers.make_lane(), 2, 'a');
  one.workers.stand_back(back, false);
  EXPECT_EQ(one.let_go(), "awaw");
}

TEST(Workers, DoNotRunWhatWasGivenUp) {
  OneWorker one;
  const auto lane = one.workers.make_lane();
  one.add(lane, 2, 'x');
  one.add(one.workers.make_lane(), 1, 'a');
  one.workers.give_up(lane);
  one.add(lane, 1, 'x');
  EXPECT_EQ(one.let_go(), "a");
  EXPECT_EQ(one.workers.run(lane, [] { return 42; }).get(), 0);
}

}  // namespace
}  // namespace piste::pipeline
