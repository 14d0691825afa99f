// For tests: what a listener has told until now.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "boxes/event_json.h"
#include "inlets/listener.h"

namespace piste::inlets {

class Heard {
 public:
  Listener::Hearer hearer() {
    return {.event = [this](const boxes::Event& event) { add(events_, event); },
            .notice = [this](const std::string& text) { add(notices_, text); },
            .over = [this] { add(notices_, std::string("over")); }};
  }

  std::vector<boxes::Event> events() const { return copy(events_); }
  std::vector<std::string> notices() const { return copy(notices_); }
  // As lines of JSON, without their times.
  std::vector<std::string> told() const {
    std::vector<std::string> lines;
    for (boxes::Event event : events()) {
      event.moment = {};
      lines.push_back(boxes::json_line(event));
    }
    return lines;
  }
  // How many of the events have this in their line.
  std::size_t count(const std::string& part) const {
    std::size_t found = 0;
    for (const std::string& line : told()) found += line.find(part) != std::string::npos;
    return found;
  }
  bool await(const std::string& part, std::size_t times = 1) const {
    return await([&] { return count(part) >= times; });
  }
  static bool await(const std::function<bool()>& met, std::chrono::seconds limit = std::chrono::seconds(20)) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (!met()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }

 private:
  template <class T>
  void add(std::vector<T>& list, const T& item) {
    const base::Lock lock(mutex_);
    list.push_back(item);
  }
  template <class T>
  std::vector<T> copy(const std::vector<T>& list) const {
    const base::Lock lock(mutex_);
    return list;
  }

  mutable base::Mutex mutex_;
  std::vector<boxes::Event> events_;
  std::vector<std::string> notices_;
};

}  // namespace piste::inlets
