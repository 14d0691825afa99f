#include "recording/timeline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <numeric>
#include <utility>

#include "base/median.h"
#include "types/said.h"

namespace piste::recording {
namespace {

using types::Timestamps;

constexpr double apart = 0.1;  // of the phrase: clocks that differ so much are told, and must be settled
constexpr double fastest_camera = 240;  // frames/s; beyond it the announced rate is no rate
constexpr double usual_fps = 30;
constexpr std::array usual_rates{10.0, 12.0, 12.5, 15.0, 18.0, 20.0,  24.0,
                                 25.0, 30.0, 50.0, 60.0, 90.0, 100.0, 120.0};
// How well a log's end fits the video's end: at least s, and a part of the phrase.
constexpr double fits_within = 0.15;
constexpr double fits_part = 0.04;
constexpr double margin = 0.2;  // s, by which timestamps of another pace than announced must fit better
constexpr double same_pace = 0.03;
constexpr double too_fast = 1.5;       // frames that come so many times faster than announced are a file's
constexpr double longest_stall = 10;   // s between neighbours, beyond what their numbers say
constexpr double least_step = 0.1;     // s, of a clock that was set
constexpr double lone_step = 4;        // frame times
constexpr std::size_t most_steps = 2;  // more of them are no accident
constexpr std::size_t frames_a_step = 20;
constexpr double stalled = 2.5;  // frame times
constexpr double burst = 0.6;
constexpr double caught_up = 1.3;
constexpr double same_delay = 0.05;  // s, between the delays of frames that are stamped when they are sent
constexpr double most_in_step = 0.8;
constexpr double end_slack = 0.25;  // s: how far a hit may lie beyond the video's end

using Order = std::vector<std::size_t>;

Order by_number(std::span<const Stamp> stamps) {
  Order order(stamps.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return stamps[a].number < stamps[b].number; });
  return order;
}

// One of the clocks: times in order of number, from 0 on.
struct Clock {
  TimeSource source = TimeSource::numbers;
  std::vector<double> times;
  double frame_time = 0;
  double before = 0;      // s from frame 0 to the first one that came
  bool repaired = false;  // a step was taken out

  double length() const { return before + times.back() + frame_time; }  // from frame 0 to the last one's end
  double rate() const { return 1 / frame_time; }
};

class Timestamped {
 public:
  Timestamped(std::span<const Stamp> stamps, const Order& order, bool captured)
      : stamps_(stamps), order_(order), captured_(captured) {}

  enum class Steps { all, certain };  // certain: those that no time that passed can explain

  // nullopt where the timestamps are not all there, do not grow, or leap more often than a clock is set.
  std::optional<Clock> clock(Steps steps) {
    if (!measure()) return std::nullopt;
    Clock clock{TimeSource::timestamps, {0.0}, 0, 0};
    if (!take_steps_out(clock, steps)) return std::nullopt;
    in_step_ = keeps_step();
    if (in_step_ && !captured_) spread_bursts();
    for (const double step : steps_) clock.times.push_back(clock.times.back() + step);
    clock.frame_time = clock.times.back() / all_frames();
    return clock;
  }

  // Whether frames arrive as they are stamped, as far as that is known.
  std::optional<bool> in_step() const { return in_step_; }
  double usual_pace() const { return usual_; }  // s a frame

 private:
  const Stamp& at(std::size_t i) const { return stamps_[order_[i]]; }
  double frames(std::size_t step) const {
    return static_cast<double>(at(step + 1).number) - static_cast<double>(at(step).number);
  }
  double all_frames() const {
    return static_cast<double>(at(order_.size() - 1).number) - static_cast<double>(at(0).number);
  }
  double pace(std::size_t step) const { return steps_[step] / frames(step); }

  bool measure() {
    if (order_.size() < 2) return false;
    steps_.clear();
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (!at(i).timestamp || !std::isfinite(*at(i).timestamp)) return false;
      if (i > 0) steps_.push_back(*at(i).timestamp - *at(i - 1).timestamp);
    }
    std::vector<double> paces;
    for (std::size_t i = 0; i < steps_.size(); ++i) paces.push_back(pace(i));
    usual_ = base::median(std::move(paces));
    return usual_ > 0 && std::isfinite(usual_);
  }

  // The pace around a step, without it.
  double pace_around(std::size_t step) const {
    std::vector<double> near;
    for (std::size_t i = step > 4 ? step - 4 : 0; i < std::min(steps_.size(), step + 5); ++i) {
      if (i != step && steps_[i] > 0) near.push_back(pace(i));
    }
    return near.empty() ? usual_ : base::median(std::move(near));
  }

  bool is_set(std::size_t step, double around, Steps which) const {
    const double excess = steps_[step] - frames(step) * around;
    if (steps_[step] <= 0 || excess > longest_stall) return true;
    if (which == Steps::certain) return false;
    if (frames(step) != 1 || excess < least_step || steps_[step] < lone_step * around) return false;
    // Time that passed here, too, was no setting of a clock.
    const auto& before = at(step).arrived;
    const auto& after = at(step + 1).arrived;
    return !before || !after || *after - *before < excess / 2;
  }

  bool take_steps_out(Clock& clock, Steps which) {
    std::vector<std::pair<std::size_t, double>> found;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const double around = pace_around(i);
      if (is_set(i, around, which)) found.emplace_back(i, frames(i) * around);
    }
    const auto lone = std::min(most_steps, order_.size() / frames_a_step);
    const auto is_bad = [this](const auto& one) {
      return steps_[one.first] <= 0 || steps_[one.first] > longest_stall;
    };
    if (found.size() > lone) return std::none_of(found.begin(), found.end(), is_bad);
    for (const auto& [step, usual] : found) steps_[step] = usual;
    clock.repaired = !found.empty();
    return true;
  }

  std::optional<bool> keeps_step() const {
    std::vector<double> delays;
    double time = 0;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (!at(i).arrived) return std::nullopt;
      if (i > 0) time += steps_[i - 1];
      delays.push_back(*at(i).arrived - time);
    }
    const double usual = base::median(delays);
    const auto near = std::count_if(delays.begin(), delays.end(),
                                    [&](double delay) { return std::abs(delay - usual) <= same_delay; });
    return static_cast<double>(near) >= most_in_step * static_cast<double>(delays.size());
  }

  // A stall, and the frames behind it that catch up with the camera.
  void spread_bursts() {
    for (std::size_t first = 0; first < steps_.size(); ++first) {
      if (pace(first) < stalled * usual_) continue;
      std::size_t end = first + 1;
      while (end < steps_.size() && pace(end) < burst * usual_) ++end;
      double seconds = 0;
      double count = 0;
      for (std::size_t i = first; i < end; ++i) {
        seconds += steps_[i];
        count += frames(i);
      }
      if (seconds > caught_up * count * usual_) continue;
      for (std::size_t i = first; i < end; ++i) steps_[i] = frames(i) * seconds / count;
    }
  }

  const std::span<const Stamp> stamps_;
  const Order& order_;
  const bool captured_;
  std::vector<double> steps_;  // s, from each frame to the next
  double usual_ = 0;           // s a frame
  std::optional<bool> in_step_;
};

class Decision {
 public:
  Decision(std::span<const Stamp> stamps, const Evidence& evidence)
      : stamps_(stamps), evidence_(evidence), order_(by_number(stamps)) {}

  Timeline run() {
    Timestamped timestamped(stamps_, order_, evidence_.timestamps == Timestamps::capture);
    if (evidence_.timestamps != Timestamps::none) stamped_ = repaired(timestamped);
    in_step_ = timestamped.in_step();
    pace_ = timestamped.usual_pace();
    const Clock chosen = choose();
    if (chosen.repaired) timeline_.warnings.push_back(types::said("clock_was_set"));
    timeline_.source = chosen.source;
    timeline_.frame_time = chosen.frame_time;
    timeline_.times.resize(stamps_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) timeline_.times[order_[i]] = chosen.times[i];
    return std::move(timeline_);
  }

 private:
  std::optional<Clock> repaired(Timestamped& timestamped) const {
    auto certain = timestamped.clock(Timestamped::Steps::certain);
    auto all = timestamped.clock(Timestamped::Steps::all);
    for (auto* clock : {&certain, &all}) {
      if (*clock) (*clock)->before = from_first() * (*clock)->frame_time;
    }
    if (!all || !certain) return all ? all : certain;
    const double better = evidence_.ends.empty() ? 0 : misfit(*certain) - misfit(*all);
    const bool captured = evidence_.timestamps == Timestamps::capture;
    return better > least_step || (!captured && better > -least_step) ? all : certain;
  }

  // Frames from the one at 0 s to the first that came.
  double from_first() const {
    return static_cast<double>(stamps_[order_.front()].number) - static_cast<double>(evidence_.first);
  }

  Clock numbered(double fps) const {
    Clock clock{TimeSource::numbers, {}, 1 / fps, 0};
    const auto first = static_cast<double>(stamps_[order_.front()].number);
    clock.before = from_first() / fps;
    for (const std::size_t i : order_)
      clock.times.push_back((static_cast<double>(stamps_[i].number) - first) / fps);
    return clock;
  }

  // s between the video's end and the nearest end that the log tells of.
  double misfit(const Clock& clock) const {
    double least = std::numeric_limits<double>::infinity();
    for (const double end : evidence_.ends) least = std::min(least, std::abs(clock.length() - end));
    return least;
  }
  double tolerance() const {
    if (evidence_.ends.empty()) return 0;
    return std::max(fits_within, fits_part * *std::min_element(evidence_.ends.begin(), evidence_.ends.end()));
  }
  bool fits(const Clock& clock) const { return misfit(clock) <= tolerance(); }
  bool shows_hits(const Clock& clock) const { return clock.length() + end_slack >= evidence_.last_hit; }

  // The usual rate by which the log's end fits; nullopt: none.
  std::optional<Clock> fitting_rate() const {
    std::optional<Clock> best;
    for (const double rate : usual_rates) {
      Clock clock = numbered(rate);
      if (fits(clock) && (!best || misfit(clock) < misfit(*best))) best = std::move(clock);
    }
    return best;
  }

  bool rate_is_said() const {
    return evidence_.timestamps != Timestamps::none && evidence_.fps <= fastest_camera;
  }

  Clock choose() {
    if (!rate_is_said()) return without_rate();
    Clock counted = numbered(evidence_.fps);
    if (!stamped_) return counted;
    if (evidence_.timestamps == Timestamps::capture) return told(*stamped_, counted, true);
    if (evidence_.timestamps == Timestamps::send) return counted;
    if (agree(*stamped_, counted)) return in_step_.value_or(false) ? counted : *stamped_;
    if (in_step_ == false) return independent(counted);
    return evidence_.ends.empty() ? by_hits(counted) : by_end(counted);
  }

  static bool agree(const Clock& a, const Clock& b) {
    for (std::size_t i = 0; i < a.times.size(); ++i) {
      if (std::abs(a.times[i] - b.times[i]) > 1.5 * b.frame_time) return false;
    }
    return true;
  }

  static bool differ(const Clock& a, const Clock& b) {
    return std::abs(a.length() - b.length()) >= apart * std::max(a.length(), b.length());
  }

  // chosen, and a word to the reader where the other clock says something else.
  Clock told(const Clock& chosen, const Clock& other, bool settled) {
    if (!differ(chosen, other)) return chosen;
    const bool stamps = chosen.source == TimeSource::timestamps;
    const double given = stamps ? chosen.rate() : other.rate();
    const auto rates = [&](const char* code) {
      return types::said(code, {{"announced", evidence_.fps}, {"stamped", given}});
    };
    timeline_.warnings.push_back(rates(stamps ? "stamps_count" : "rate_counts"));
    if (!settled) timeline_.doubt = rates("rates_unsettled");
    return chosen;
  }

  // What is sent as it is stamped cannot be told from what is stamped as it is sent; this is not.
  Clock independent(const Clock& counted) {
    const bool wrong = !evidence_.ends.empty() && fits(counted) && misfit(*stamped_) > 3 * tolerance();
    return wrong ? told(counted, *stamped_, false) : told(*stamped_, counted, true);
  }

  bool is_too_fast(const Clock& counted) const { return counted.length() >= too_fast * stamped_->length(); }

  Clock by_end(const Clock& counted) {
    const bool faster = stamped_->length() < (1 - apart) * counted.length();
    // A camera keeps its pace but for gaps; another pace that is near to it is more often a link's than a
    // camera's.
    const bool steady = std::abs(pace_ / counted.frame_time - 1) <= same_pace;
    const double better = misfit(counted) - misfit(*stamped_);
    const bool stamps = better > (steady ? 0 : margin) && !(faster && fits_roughly(counted));
    const Clock& chosen = stamps ? *stamped_ : counted;
    const Clock& other = stamps ? counted : *stamped_;
    const bool clear = fits(chosen) && misfit(other) >= 2 * tolerance();
    return told(chosen, other, (clear && !(stamps && faster)) || (!stamps && is_too_fast(counted)));
  }

  // As a video that was let run on does.
  bool fits_roughly(const Clock& clock) const {
    return misfit(clock) <= std::max(0.75, 0.25 * clock.length());
  }

  Clock by_hits(const Clock& counted) {
    if (is_too_fast(counted)) return told(counted, *stamped_, true);
    if (shows_hits(counted) != shows_hits(*stamped_))
      return shows_hits(counted) ? told(counted, *stamped_, true) : told(*stamped_, counted, true);
    return differ(*stamped_, counted) ? told(counted, *stamped_, false) : *stamped_;
  }

  Clock without_rate() {
    const bool none = evidence_.timestamps == Timestamps::none;
    if (stamped_ && (evidence_.timestamps == Timestamps::capture || in_step_ == false || fits(*stamped_)))
      return told(*stamped_, numbered(evidence_.fps), true);
    const auto taken = [&](const char* code, double rate) {
      return types::said(code, {{"announced", evidence_.fps}, {"rate", rate}});
    };
    if (auto fitting = fitting_rate()) {
      timeline_.warnings.push_back(taken(none ? "no_rate_fits" : "odd_rate_fits", fitting->rate()));
      return *fitting;
    }
    const Clock guess = numbered(none ? evidence_.fps : usual_fps);
    timeline_.doubt = taken(none ? "no_rate_guess" : "odd_rate_guess", guess.rate());
    timeline_.warnings.push_back(timeline_.doubt);
    return guess;
  }

  const std::span<const Stamp> stamps_;
  const Evidence& evidence_;
  const Order order_;
  std::optional<Clock> stamped_;
  std::optional<bool> in_step_;
  double pace_ = 0;  // of the timestamps, s a frame
  Timeline timeline_;
};

}  // namespace

Timeline make_timeline(std::span<const Stamp> stamps, const Evidence& evidence) {
  if (stamps.empty()) return {};
  return Decision(stamps, evidence).run();
}

}  // namespace piste::recording
