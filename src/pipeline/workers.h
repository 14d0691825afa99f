// The threads that do the analysis. Every phrase has a Lane; the workers take one task from each lane in
// turn, so a phrase with much to do does not hold up the others. They run at a lower priority than the
// threads that receive frames: when the machine is short, the verdict waits, not the camera.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace piste::pipeline {

class Workers {
 public:
  // count: at least 1. nice: of the threads, 0 (like the others) to 19 (what nobody else wants).
  explicit Workers(int count, int nice = 5);
  // Precondition: no lane has tasks left.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  class Lane;
  std::shared_ptr<Lane> make_lane();

  // Runs task on a worker; tasks of a lane start in order and may overlap. The future throws what the task
  // throws.
  template <class Task>
  auto run(const std::shared_ptr<Lane>& lane, Task task) {
    auto packaged = std::make_shared<std::packaged_task<std::invoke_result_t<Task>()>>(std::move(task));
    auto future = packaged->get_future();
    submit(lane, [packaged] { (*packaged)(); });
    return future;
  }

 private:
  void submit(const std::shared_ptr<Lane>& lane, std::function<void()> task);
  void run_loop(int nice);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Lane>>
      ready_;              // guarded by mutex_: lanes with tasks, whose turn is next in front
  bool stopping_ = false;  // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace piste::pipeline
