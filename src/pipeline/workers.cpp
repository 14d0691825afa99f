#include "pipeline/workers.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

namespace piste::pipeline {

class Workers::Lane {
 public:
  std::deque<std::function<void()>> tasks;  // guarded by Workers::mutex_
  bool stands_back = false;                 // guarded by Workers::mutex_
  std::atomic<bool> given_up = false;
};

namespace {

// Linux keeps a nice value for each thread.
void lower_priority_of_this_thread(int nice) {
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), nice);
}

}  // namespace

Workers::Workers(int count, int nice) {
  for (int i = 0; i < std::max(1, count); ++i) threads_.emplace_back([this, nice] { run_loop(nice); });
}

Workers::~Workers() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

std::shared_ptr<Workers::Lane> Workers::make_lane() {
  return std::make_shared<Lane>();
}

void Workers::submit(const std::shared_ptr<Lane>& lane, std::function<void()> task) {
  {
    std::lock_guard lock(mutex_);
    lane->tasks.push_back(std::move(task));
    if (lane->tasks.size() == 1) lanes_like(*lane).push_back(lane);
  }
  changed_.notify_one();
}

bool Workers::given_up(const Lane& lane) {
  return lane.given_up;
}

Workers::Lanes& Workers::lanes_like(const Lane& lane) {
  return lane.stands_back ? standing_back_ : ready_;
}

void Workers::stand_back(const std::shared_ptr<Lane>& lane, bool back) {
  const std::lock_guard lock(mutex_);
  back = back && !given_up(*lane);
  if (lane->stands_back == back) return;
  const bool waiting = std::erase(lanes_like(*lane), lane) > 0;
  lane->stands_back = back;
  if (waiting) lanes_like(*lane).push_back(lane);
}

// What is left costs nothing, and somebody may be waiting for the futures.
void Workers::give_up(const std::shared_ptr<Lane>& lane) {
  lane->given_up = true;
  stand_back(lane, false);
}

void Workers::run_loop(int nice) {
  lower_priority_of_this_thread(nice);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !ready_.empty() || !standing_back_.empty(); });
    Lanes& lanes = ready_.empty() ? standing_back_ : ready_;
    if (lanes.empty()) return;
    const auto lane = std::move(lanes.front());
    lanes.pop_front();
    auto task = std::move(lane->tasks.front());
    lane->tasks.pop_front();
    if (!lane->tasks.empty()) lanes_like(*lane).push_back(lane);
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

}  // namespace piste::pipeline
