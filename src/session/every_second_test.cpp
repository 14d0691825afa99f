#include "session/every_second.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace piste::session {
namespace {

TEST(EverySecondTest, GoesOnAfterAFailure) {
  std::atomic<int> times = 0;
  const EverySecond deed([&] {
    if (++times == 1) throw std::runtime_error("the disk says what nobody expects");
  });
  for (int i = 0; i < 500 && times < 2; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_GE(times, 2);
}

}  // namespace
}  // namespace piste::session
