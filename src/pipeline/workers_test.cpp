#include "pipeline/workers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

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
    for (int i = 0; i < count; ++i) {
      done.push_back(workers.run(lane, [this, name] {
        const std::scoped_lock lock(writing);
        order += name;
      }));
    }
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
  std::mutex writing;  // what stands back has a thread of its own
  std::string order;
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
  one.add(one.workers.make_lane(), 2, 'a');  // while nothing else waits, what stands back begins
  one.add(one.workers.make_lane(), 1, 'b');
  one.workers.stand_back(waiting, true);
  one.add(waiting, 1, 'w');
  const std::string order = one.let_go();
  EXPECT_GE(order.find('w'), 2u) << order
                                 << ": the last of the others may be in work when the first of these begins";
  EXPECT_EQ(std::count(order.begin(), order.end(), 'w'), 3);
}

TEST(Workers, TakeALaneThatNoLongerStandsBackInItsTurn) {
  OneWorker one;
  const auto back = one.workers.make_lane();
  one.workers.stand_back(back, true);
  one.add(one.workers.make_lane(), 2, 'a');
  one.add(back, 2, 'w');
  one.workers.stand_back(back, false);
  EXPECT_EQ(one.let_go(), "awaw");
}

// A worker that had taken it would be missed by those that come next.
TEST(Workers, ALaneThatStandsBackTakesNoWorkerFromTheOthers) {
  Workers workers(1);
  const auto back = workers.make_lane();
  workers.stand_back(back, true);
  std::promise<void> begun;
  std::promise<void> enough;
  auto endless = workers.run(back, [&] {
    begun.set_value();
    enough.get_future().wait();
  });
  begun.get_future().wait();
  EXPECT_EQ(workers.run(workers.make_lane(), [] { return 42; }).get(), 42);
  enough.set_value();
  endless.get();
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

// What it uses would be gone.
TEST(WaitAtExit, ATaskEndsBeforeItsStarterAlsoWhenAnExceptionFlies) {
  Workers workers(1);
  const auto lane = workers.make_lane();
  std::promise<void> flying;
  std::atomic<bool> ended = false;
  try {
    auto task = workers.run(lane, [&] {
      flying.get_future().wait();
      std::this_thread::yield();
      ended = true;
    });
    const WaitAtExit wait(task);
    flying.set_value();
    throw std::runtime_error("unexpected");
  } catch (const std::runtime_error&) {
    EXPECT_TRUE(ended);
  }
}

TEST(WaitAtExit, DoesNotWaitForWhatIsNotThere) {
  const std::future<void> none;
  const std::optional<std::future<void>> nothing;
  const WaitAtExit wait(none);
  const WaitAtExit neither(nothing);
}

}  // namespace
}  // namespace piste::pipeline
