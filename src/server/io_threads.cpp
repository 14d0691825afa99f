#include "server/io_threads.h"

#include <algorithm>
#include <exception>
#include <string>
#include <thread>

#include "base/log.h"

namespace piste::server {
namespace {

void run_context(boost::asio::io_context& context) {
  for (;;) {
    try {
      context.run();
      return;
    } catch (const std::exception& unexpected) {
      base::log::error("", std::string("Unexpected failure of an I/O thread: ") + unexpected.what());
    }
  }
}

}  // namespace

IoThreads::IoThreads(int count) {
  for (int i = 0; i < std::max(1, count); ++i) threads_.push_back(std::make_unique<Thread>());
}

IoThreads::Place IoThreads::take_place() {
  const auto& emptiest = *std::min_element(
      threads_.begin(), threads_.end(),
      [](const auto& left, const auto& right) { return left->connections < right->connections; });
  return Place(*emptiest);
}

void IoThreads::run() {
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < threads_.size(); ++i) {
    others.emplace_back([&context = threads_[i]->context] { run_context(context); });
  }
  run_context(first());
}

void IoThreads::stop() {
  for (const auto& thread : threads_) thread->context.stop();
}

}  // namespace piste::server
