// The threads that do the analysis. Every phrase has a Lane; the workers take one task from each lane in
// turn, so a phrase with much to do does not hold up the others. They run at a lower priority than the
// threads that receive frames: when the machine is short, the verdict waits, not the camera.
//
// A lane may stand back, for a phrase that nobody waits for. Its tasks are for threads of their own, of the
// lowest priority: a worker that had begun one in a pause of the others would hold them up when they go on.
#pragma once

#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace piste::pipeline {

class Workers {
 public:
  // count: at least 1, and as many again for lanes that stand back. nice: of the threads, 0 (like the others)
  // to 19 (what nobody else wants).
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
    using Value = std::invoke_result_t<Task>;
    auto packaged = std::make_shared<std::packaged_task<Value()>>(
        [own = lane.get(), task = std::move(task)]() mutable -> Value {
          if constexpr (std::is_void_v<Value> || std::is_default_constructible_v<Value>) {
            if (given_up(*own)) return Value();
          }
          return task();
        });
    auto future = packaged->get_future();
    submit(lane, [packaged] { (*packaged)(); });
    return future;
  }

  // Whether the lane's tasks let those of all other lanes go first.
  void stand_back(const std::shared_ptr<Lane>& lane, bool back);
  // What has not begun in this lane, and what is still to come, is not run: the futures give an empty value
  // (a task whose value cannot be empty is run all the same).
  void give_up(const std::shared_ptr<Lane>& lane);

 private:
  using Lanes = std::deque<std::shared_ptr<Lane>>;

  static bool given_up(const Lane& lane);
  // Lanes with tasks, whose turn is next in front, and who waits for one.
  struct Queue {
    Lanes lanes;
    base::Condition changed;
  };
  Queue& queue_of(const Lane& lane) REQUIRES(mutex_);
  bool may_begin(const Queue& queue) const REQUIRES(mutex_);
  void submit(const std::shared_ptr<Lane>& lane, std::function<void()> task);
  enum class Kind { foremost, standing_back };
  void run_loop(Kind kind, int nice);

  base::Mutex mutex_;
  Queue ready_ GUARDED_BY(mutex_);
  Queue standing_back_ GUARDED_BY(mutex_);  // those that do
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

// A task that uses its starter's variables must end before they do, also when an exception flies.
template <class T>
class WaitAtExit {
 public:
  explicit WaitAtExit(const std::future<T>& task) : task_(&task) {}
  explicit WaitAtExit(const std::optional<std::future<T>>& task) : maybe_(&task) {}
  WaitAtExit(const WaitAtExit&) = delete;
  WaitAtExit& operator=(const WaitAtExit&) = delete;
  ~WaitAtExit() {
    const auto* task = maybe_ ? (maybe_->has_value() ? &**maybe_ : nullptr) : task_;
    if (task && task->valid()) task->wait();
  }

 private:
  const std::future<T>* task_ = nullptr;
  const std::optional<std::future<T>>* maybe_ = nullptr;
};

}  // namespace piste::pipeline
