#include "pipeline/live_bout.h"

#include <algorithm>
#include <exception>

#include "base/log.h"
#include "base/steady.h"

namespace piste::pipeline {
namespace {

namespace box = types::box;

}  // namespace

LiveBout::LiveBout(Shared& shared, const PhraseSettings& settings, const recording::FrameLog& log,
                   BoutObserver observer)
    : shared_(shared),
      settings_(settings),
      log_(log),
      found_(log.size()),
      observer_(std::move(observer)),
      judge_(shared, settings_, observer_),
      view_(observer_.on_sight),
      cutter_({settings.weapon, shared.options.weapon}),
      free_from_(judge_.free_from()),
      hearing_(settings),
      thread_([this] { run(); }) {}

LiveBout::~LiveBout() {
  cancel();
}

void LiveBout::push(std::size_t index, types::EncodedFrame frame,
                    std::optional<base::ByteBudget::Lease> lease) {
  const double arrived = base::steady_seconds();
  {
    const base::Lock lock(mutex_);
    const auto known = index < found_ ? std::nullopt : std::optional(arrived);
    KeptFrames::Item item{index, hearing_.frame(frame.number, frame.timestamp, known), frame.encoding,
                          frame.key};
    if (lease) item.frame = std::make_shared<const types::EncodedFrame>(std::move(frame));
    item.lease = std::move(lease);
    frames_.push(std::move(item), std::max(bout_looks_back, settings_.kept));
  }
  changed_.notify_one();
}

void LiveBout::tell(const box::Event& event, Told by) {
  const base::Lock lock(mutex_);
  hearing_.tell(event, by);
}

void LiveBout::finish(std::string, const types::StreamingStats&) {
  {
    const base::Lock lock(mutex_);
    finished_ = true;
    hearing_.end();
  }
  changed_.notify_one();
}

void LiveBout::stand_back(bool back) {
  const base::Lock lock(mutex_);
  stands_back_ = back;
  if (lane_) shared_.workers.stand_back(lane_, back);
}

void LiveBout::abandon() {
  std::shared_ptr<Workers::Lane> lane;
  {
    const base::Lock lock(mutex_);
    cancelled_ = true;
    lane = lane_;
  }
  changed_.notify_one();
  judge_.cancel();
  shared_.pictures.wake();
  if (lane) shared_.workers.give_up(lane);  // after cancelled_: what its tasks leave out is not looked at
}

void LiveBout::cancel() {
  abandon();
  const std::lock_guard lock(joining_);
  if (thread_.joinable()) thread_.join();
}

std::size_t LiveBout::waiting() const {
  const base::Lock lock(mutex_);
  return frames_.waiting();
}

bool LiveBout::cancelled() const {
  const base::Lock lock(mutex_);
  return cancelled_;
}

void LiveBout::run() {
  try {
    look_at_all();
    if (ahead_) ahead_->wait();
    if (cancelled()) return;
    auto outcome = judge_.finish();
    if (!cancelled()) observer_.on_done(std::move(outcome));
  } catch (const std::exception& failure) {
    if (ahead_ && ahead_->valid()) ahead_->wait();
    base::log::error(settings_.id, std::string("the bout's analysis failed: ") + failure.what());
    if (!cancelled()) observer_.on_done(Error{ErrorCode::io, "the analysis failed inside the server"});
  }
}

void LiveBout::look_at_all() {
  while (await_news()) {
    if (!look_at_next()) continue;
    hear(looked_);
    cut(looked_);
  }
  if (cancelled()) return;
  hear(for_ever);
  cut(for_ever);
}

bool LiveBout::frames_wait() const {
  return ahead_ || frames_.waiting() > 0;
}

// False: there will be none.
bool LiveBout::await_news() {
  base::Lock lock(mutex_);
  while (!cancelled_ && !finished_ && !frames_wait()) changed_.wait(lock);
  return !cancelled_ && (frames_wait() || !finished_);
}

// ---- what was told

// As far as the frames have been looked at: where they are behind, the tracker does not begin anew too early.
void LiveBout::hear(double until) {
  box::Events events;
  std::optional<types::PictureLag> lag;
  {
    const base::Lock lock(mutex_);
    if (!hearing_.needs_lamps()) watch_.reset();
    lag = hearing_.take_new_lag();
    events = hearing_.take_until(until);
  }
  if (lag) judge_.lags(*lag);
  if (lag && observer_.on_lag) observer_.on_lag(*lag);
  for (const auto& event : events) hear(event);
}

void LiveBout::hear(const box::Event& event) {
  judge_.take(event);
  cutter_.take(event);
  if (const auto* clock = std::get_if<box::Clock>(&event.what)) hear_clock(*clock, event.moment);
  const auto* lamp = std::get_if<box::Lamp>(&event.what);
  if (lamp && types::box::is_hit(lamp->state)) last_hit_ = std::max(last_hit_, event.moment.at);
}

void LiveBout::hear_clock(const box::Clock& clock, const box::Moment& moment) {
  if (!clock.running || clock_runs_ == clock.running) return;
  clock_runs_ = clock.running;
  const double from = moment.at - moment.error - bout::before_clock - bout_warm_up;
  const bool in_phrase = moment.at < last_hit_ + bout::after_last_hit + bout::before_clock;
  if (*clock.running && stretch_ && !in_phrase) begin_stretch(std::max(from, free_from_));
}

// ---- phrases

void LiveBout::cut(double until) {
  for (;;) {
    if (!cut_) cut_ = cutter_.next(until);
    while (const auto hit = cutter_.next_left_out()) judge_.leave_out(*hit);
    if (!cut_ || until < cut_->end) return;
    take(*std::exchange(cut_, std::nullopt));
  }
}

void LiveBout::take(const bout::Cut& cut) {
  if (judge_.knows(cut) || !stretch_) return;
  auto cutting = prepare(settings_, cut, judge_.next_number(), *stretch_, log_);
  if (!cutting) {
    base::log::error(settings_.id, "a phrase is lost: " + cutting.error().message);
    judge_.leave_out({cut.phrase.touches.front().time, cutting.error().message});
  } else if (const auto* hit = std::get_if<bout::LeftOut>(&*cutting)) {
    judge_.leave_out(*hit);
  } else {
    judge_.judge(std::move(std::get<Prepared>(*cutting)));
  }
  free_from_ = cut.end;
  begin_stretch(cut.end);
}

}  // namespace piste::pipeline
