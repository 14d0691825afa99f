// The threads that serve connections. Each has an io_context of its own and a connection stays with one of
// them: its handlers need no strand, and no thread is woken to do what another has begun.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace piste::server {

class IoThreads {
  struct Thread {
    std::atomic<std::size_t> connections{0};
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy{context.get_executor()};
  };

 public:
  explicit IoThreads(int count);

  // Move-only receipt for a connection's place on a thread.
  class Place {
   public:
    explicit Place(Thread& thread) : thread_(&thread) { ++thread.connections; }
    Place(Place&& other) noexcept : thread_(std::exchange(other.thread_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (thread_) --thread_->connections;
    }
    boost::asio::io_context& context() const { return thread_->context; }

   private:
    Thread* thread_;
  };

  // On the thread that has the fewest connections. Thread-safe.
  Place take_place();
  // For what is no connection: accepting, signals, timers.
  boost::asio::io_context& first() { return threads_.front()->context; }

  // Runs until stop(); the calling thread is the first of them.
  void run();
  void stop();

 private:
  std::vector<std::unique_ptr<Thread>> threads_;  // constant once made
};

}  // namespace piste::server
