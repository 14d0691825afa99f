#include "pipeline/bout_clock.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace piste::pipeline {
namespace {

constexpr double half_window = 30;  // s
constexpr double most_apart = 10;   // s between two frames by two clocks: one of them was set
constexpr double jitter = .02;      // s
constexpr double settles = .5;      // s without a fall of the lag
constexpr double none = std::numeric_limits<double>::infinity();

}  // namespace

double BoutClock::frame(std::int64_t number, std::optional<double> timestamp, std::optional<double> arrived) {
  const bool told = timestamp && std::isfinite(*timestamp) && said_ != types::Timestamps::none;
  double time = (told ? *timestamp : arrived.value_or(static_cast<double>(number) / fps_)) + shift_;
  if (last_number_ && number <= *last_number_) return time;  // sent again
  if (last_number_) {
    const double step = time - last_time_;
    const double usual = static_cast<double>(number - *last_number_) / fps_;
    const double waited = arrived && last_arrived_ ? *arrived - *last_arrived_ : none;
    if (step <= 0 || step > std::max(usual, waited) + most_apart) {
      shift_ += usual - step;
      time = last_time_ + usual;
      lag_ = lag_before_ = fell_to_ = none;
    }
  }
  last_number_ = number;
  last_time_ = time;
  last_arrived_ = arrived;
  if (arrived) note_lag(*arrived, *arrived - time);
  return time;
}

void BoutClock::note_lag(double arrived, double lag) {
  if (arrived - half_began_ > half_window) {
    half_began_ = arrived;
    fell_to_ = lag_before_ = std::exchange(lag_, none);
  }
  lag_ = std::min(lag_, lag);
  if (lag < fell_to_ - jitter) {
    fell_to_ = lag;
    fell_ = arrived;
  }
  settled_ = arrived - fell_ >= settles - 1e-9;
}

std::optional<double> BoutClock::of_node(double steady) const {
  const double lag = std::min(lag_, lag_before_);
  return lag == none || !settled_ ? std::nullopt : std::optional(steady - lag);
}

}  // namespace piste::pipeline
