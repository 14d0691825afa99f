#include "client/clock_offset.h"

#include <algorithm>
#include <cmath>

namespace piste::client {

void ClockOffset::add(double asked, double received_there, double answered_there, double received) {
  const double most = received_there - asked;
  const double least = answered_there - received;
  if (!(most >= least)) return;  // not an answer to that question
  const Estimate estimate{(most + least) / 2, (most - least) / 2};
  // A computer that slept has another clock than before.
  const auto best = at(received);
  if (best && std::abs(best->offset - estimate.offset) > best->error + estimate.error) answers_.clear();
  while (!answers_.empty() && received - answers_.front().when > kept) answers_.pop_front();
  answers_.push_back({received, estimate});
}

std::optional<ClockOffset::Estimate> ClockOffset::at(double now) const {
  std::optional<Estimate> best;
  for (const Answer& answer : answers_) {
    const double error = answer.estimate.error + drift * std::max(0.0, now - answer.when);
    if (!best || error < best->error) best = {answer.estimate.offset, error};
  }
  return best;
}

std::optional<ClockOffset::Estimate> ClockOffset::of(double event, double now) const {
  auto estimate = at(now);
  if (estimate) estimate->error += drift * std::max(0.0, now - event);
  return estimate;
}

}  // namespace piste::client
