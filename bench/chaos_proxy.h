// A TCP proxy that treats its connections badly: cuts them in the middle of a message, stalls and delays them
// at random, by a seed. Its own thread.
#pragma once

#include <cstdint>
#include <memory>

namespace piste::bench {

class ChaosProxy {
 public:
  struct Tally {
    int connections = 0;
    int cuts = 0;
    int stalls = 0;
    int delays = 0;
  };

  explicit ChaosProxy(unsigned seed);
  ~ChaosProxy();
  ChaosProxy(const ChaosProxy&) = delete;
  ChaosProxy& operator=(const ChaosProxy&) = delete;

  std::uint16_t port() const;
  // Where connections go from now on; those that there are stay.
  void forward_to(std::uint16_t port);
  // Whether so much has passed that the session must have started: before that, nothing is disturbed.
  bool under_way() const;
  // From now on everything passes at once.
  void behave();
  Tally tally() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace piste::bench
