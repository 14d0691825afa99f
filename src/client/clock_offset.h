// What time it is on the server's clock, from questions and answers with four stamps each: asked and answered
// here, received and answered there. How the way there and the way back share the time between is not known,
// so each answer gives an interval in which the offset must lie; the narrowest counts.
#pragma once

#include <deque>
#include <optional>

namespace piste::client {

class ClockOffset {
 public:
  struct Estimate {
    double offset = 0;  // s: server's clock less ours
    double error = 0;   // it lies between offset - error and offset + error
  };

  // How far two clocks may run apart, s a second: quartz is better than that.
  static constexpr double drift = 100e-6;
  static constexpr double kept = 120;  // s

  void add(double asked, double received_there, double answered_there, double received);
  // Nothing before the first answer.
  std::optional<Estimate> at(double now) const;
  // Of an event of ours: the clocks have run apart since.
  std::optional<Estimate> of(double event, double now) const;

 private:
  struct Answer {
    double when = 0;
    Estimate estimate;
  };
  std::deque<Answer> answers_;
};

}  // namespace piste::client
