// One of the few that may do a thing at a time; the others are told to come again.
#pragma once

#include <atomic>

namespace piste::server {

class Turn {
 public:
  Turn(std::atomic<int>& taken, int most) : taken_(taken), free_(taken.fetch_add(1) < most) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { --taken_; }
  bool free() const { return free_; }

 private:
  std::atomic<int>& taken_;
  const bool free_;
};

}  // namespace piste::server
