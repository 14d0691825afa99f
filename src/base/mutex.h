// A mutex whose use the compiler checks: clang's -Wthread-safety, an error in ./dev lint. What a mutex guards
// says so with GUARDED_BY, a function that needs it held says so with REQUIRES. Other compilers see nothing
// of it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define PISTE_THREAD_ANNOTATION(what) __attribute__((what))
#else
#define PISTE_THREAD_ANNOTATION(what)
#endif

#define CAPABILITY(name) PISTE_THREAD_ANNOTATION(capability(name))
#define SCOPED_CAPABILITY PISTE_THREAD_ANNOTATION(scoped_lockable)
#define GUARDED_BY(mutex) PISTE_THREAD_ANNOTATION(guarded_by(mutex))
#define PT_GUARDED_BY(mutex) PISTE_THREAD_ANNOTATION(pt_guarded_by(mutex))
#define REQUIRES(...) PISTE_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) PISTE_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define ACQUIRE(...) PISTE_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define RELEASE(...) PISTE_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define NO_THREAD_SAFETY_ANALYSIS PISTE_THREAD_ANNOTATION(no_thread_safety_analysis)

namespace piste::base {

class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }

 private:
  friend class Lock;
  std::mutex mutex_;
};

// Held from its construction to its end; may be let go of in between.
class SCOPED_CAPABILITY Lock {
 public:
  explicit Lock(Mutex& mutex) ACQUIRE(mutex) : lock_(mutex.mutex_) {}
  ~Lock() RELEASE() {}  // NOLINT(modernize-use-equals-default): the annotation needs a body
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  void lock() ACQUIRE() { lock_.lock(); }
  void unlock() RELEASE() { lock_.unlock(); }

 private:
  friend class Condition;
  std::unique_lock<std::mutex> lock_;
};

// Wait in a loop that looks at what is waited for: `while (queue_.empty()) changed_.wait(lock);`. A predicate
// in a lambda would be looked at by the compiler as a function that holds no lock.
class Condition {
 public:
  void wait(Lock& lock) { condition_.wait(lock.lock_); }
  void wait_until(Lock& lock, std::chrono::steady_clock::time_point until) {
    condition_.wait_until(lock.lock_, until);
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace piste::base
