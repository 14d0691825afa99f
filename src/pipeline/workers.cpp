#include "pipeline/workers.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

namespace piste::pipeline {

class Workers::Lane {
 public:
  // With the mutex of the Workers.
  std::deque<std::function<void()>> tasks;
  bool stands_back = false;

  std::atomic<bool> given_up = false;
};

namespace {

// Linux keeps a nice value for each thread.
void lower_priority_of_this_thread(int nice) {
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), nice);
}

}  // namespace

Workers::Workers(int count, int nice) {
  constexpr int lowest = 19;
  for (int i = 0; i < std::max(1, count); ++i) {
    threads_.emplace_back([this, nice] { run_loop(Kind::foremost, nice); });
    threads_.emplace_back([this] { run_loop(Kind::standing_back, lowest); });
  }
}

Workers::~Workers() {
  {
    const base::Lock lock(mutex_);
    stopping_ = true;
    ready_.changed.notify_all();
    standing_back_.changed.notify_all();
  }
  for (auto& thread : threads_) thread.join();
}

std::shared_ptr<Workers::Lane> Workers::make_lane() {
  return std::make_shared<Lane>();
}

void Workers::submit(const std::shared_ptr<Lane>& lane, std::function<void()> task) {
  const base::Lock lock(mutex_);
  lane->tasks.push_back(std::move(task));
  Queue& queue = queue_of(*lane);
  if (lane->tasks.size() == 1) queue.lanes.push_back(lane);
  queue.changed.notify_one();
}

bool Workers::given_up(const Lane& lane) {
  return lane.given_up;
}

Workers::Queue& Workers::queue_of(const Lane& lane) {
  return lane.stands_back ? standing_back_ : ready_;
}

void Workers::stand_back(const std::shared_ptr<Lane>& lane, bool back) {
  const base::Lock lock(mutex_);
  back = back && !given_up(*lane);
  if (lane->stands_back == back) return;
  const bool waiting = std::erase(queue_of(*lane).lanes, lane) > 0;
  lane->stands_back = back;
  if (!waiting) return;
  queue_of(*lane).lanes.push_back(lane);
  queue_of(*lane).changed.notify_all();  // it may have many tasks
}

// What is left costs nothing, and somebody may be waiting for the futures.
void Workers::give_up(const std::shared_ptr<Lane>& lane) {
  lane->given_up = true;
  stand_back(lane, false);
}

// What stands back begins only while nothing else waits.
bool Workers::may_begin(const Queue& queue) const {
  return !queue.lanes.empty() && (&queue == &ready_ || ready_.lanes.empty());
}

void Workers::run_loop(Kind kind, int nice) {
  lower_priority_of_this_thread(nice);
  base::Lock lock(mutex_);
  Queue& queue = kind == Kind::standing_back ? standing_back_ : ready_;
  while (true) {
    while (!stopping_ && !may_begin(queue)) queue.changed.wait(lock);
    if (queue.lanes.empty()) return;
    const auto lane = std::move(queue.lanes.front());
    queue.lanes.pop_front();
    if (!standing_back_.lanes.empty() && may_begin(standing_back_)) standing_back_.changed.notify_one();
    auto task = std::move(lane->tasks.front());
    lane->tasks.pop_front();
    if (!lane->tasks.empty()) queue_of(*lane).lanes.push_back(lane);
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

}  // namespace piste::pipeline
