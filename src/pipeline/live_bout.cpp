#include "pipeline/live_bout.h"

#include <algorithm>
#include <exception>
#include <limits>
#include <vector>

#include "base/log.h"
#include "base/steady.h"
#include "video/codec.h"

namespace piste::pipeline {
namespace {

namespace box = types::box;

constexpr double kept = 62;                 // s: a phrase is at most a minute before its last hit
constexpr std::size_t most_kept = 100'000;  // frames
constexpr std::size_t most_heard = 10'000;  // events that wait
constexpr double drop_every = 5;            // s
constexpr double for_ever = std::numeric_limits<double>::infinity();

}  // namespace

LiveBout::LiveBout(Shared& shared, const PhraseSettings& settings, const recording::FrameLog& log,
                   BoutObserver observer)
    : shared_(shared),
      settings_(settings),
      log_(log),
      found_(log.size()),
      observer_(std::move(observer)),
      judge_(shared, settings_, observer_),
      cutter_({settings.weapon, shared.options.weapon}),
      free_from_(judge_.free_from()),
      clock_(settings.fps, settings.timestamps),
      told_(settings.directory),
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
    Item item{index, clock_.frame(frame.number, frame.timestamp, known)};
    if (lease) item.frame = std::make_shared<const types::EncodedFrame>(std::move(frame));
    item.lease = std::move(lease);
    if (!first_) first_ = item.time;
    items_.push_back(std::move(item));
    trim();
    place_waiting();
  }
  changed_.notify_one();
}

// What is behind the last minute has gone from the log, too.
void LiveBout::trim() {
  const double oldest = items_.back().time - std::max(kept, settings_.kept);
  while (items_.size() > most_kept || items_.front().time < oldest) items_.pop_front();
  cursor_ = std::max(cursor_, items_.front().index);
}

void LiveBout::tell(const box::Event& event, Told by) {
  const base::Lock lock(mutex_);
  if (!place(event, by) && unplaced_.size() < most_heard) unplaced_.emplace_back(event, by);
}

void LiveBout::place_waiting() {
  std::erase_if(unplaced_,
                [&](const auto& told) NO_THREAD_SAFETY_ANALYSIS { return place(told.first, told.second); });
}

// In the file before it is acknowledged. False: nobody knows yet when it was.
bool LiveBout::place(box::Event event, Told by) {
  auto& at = event.moment.at;
  const auto of_node = by == Told::by_box ? clock_.of_node(at) : std::nullopt;
  if (!first_ || (by == Told::by_box && !of_node)) return false;
  at = of_node ? *of_node : clock_.of_client(at);
  const bool lamp = std::holds_alternative<box::Lamp>(event.what);
  if (lamp && at < *first_) return true;  // of what was fenced before
  if (heard_.size() >= most_heard) return true;
  hits_told_ = hits_told_ || lamp;
  told_.add(event);
  heard_.push_back(std::move(event));
  return true;
}

void LiveBout::finish(std::string, const types::StreamingStats&) {
  {
    const base::Lock lock(mutex_);
    finished_ = true;
    clock_.end();
    place_waiting();
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
  return items_.empty() ? 0 : items_.back().index + 1 - cursor_;
}

bool LiveBout::cancelled() const {
  const base::Lock lock(mutex_);
  return cancelled_;
}

void LiveBout::run() {
  try {
    {
      const base::Lock lock(mutex_);
      for (auto& event : told_.found()) heard_.push_back(std::move(event));
    }
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
  return ahead_ || (!items_.empty() && cursor_ <= items_.back().index);
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
  std::vector<box::Event> events;
  {
    const base::Lock lock(mutex_);
    if (hits_told_) watch_.reset();  // who tells hits is believed, and nobody looks for lamps any more
    for (const auto& event : heard_)
      if (event.moment.at <= until) events.push_back(event);
    std::erase_if(heard_, [&](const box::Event& event) { return event.moment.at <= until; });
  }
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

// Lamps in the picture, where nobody tells hits.
box::Events LiveBout::watch(const Decoded& decoded) {
  box::Events events;
  if (!watch_ || decoded.time <= watched_) return events;
  watched_ = decoded.time;
  watch_->look(*decoded.frame, events);
  for (box::Event& event : events) event.moment.at += zero_;
  return events;
}

// ---- frames

bool LiveBout::look_at_next() {
  if (!ahead_) ahead_ = decode_next(Wait::yes);
  if (!ahead_) return false;
  auto decoded = ahead_->get();
  ahead_ = decode_next(Wait::no);
  look_at(decoded);
  return true;
}

void LiveBout::look_at(const Decoded& decoded) {
  if (decoded.frame) {
    auto watching = shared_.workers.run(stretch_->analyser.lane(), [&] { return watch(decoded); });
    const WaitAtExit wait(watching);
    stretch_->shown.push_back({decoded.time, decoded.index, decoded.frame->number});
    stretch_->analyser.add(decoded.frame);
    const auto seen = watching.get();
    const base::Lock lock(mutex_);
    for (const auto& event : seen) {
      told_.add(event);
      heard_.push_back(event);
    }
  }
  looked_ = std::max(looked_, decoded.time);
  auto& shown = stretch_->shown;
  if (shown.empty() || shown.front().time > decoded.time - kept - drop_every) return;
  while (shown.front().time < decoded.time - kept) shown.pop_front();
  stretch_->analyser.drop(shown.front().time - stretch_->zero, shown.front().number);
}

// The next frame, being decoded; nullopt when there is none yet, or no room for it. One that is late, or is
// sent again, is not looked at: it is in the phrase's video.
std::optional<LiveBout::Decoding> LiveBout::decode_next(Wait wait) {
  base::Lock lock(mutex_);
  Item item;
  for (;; ++cursor_) {
    if (cancelled_ || items_.empty() || cursor_ > items_.back().index) return std::nullopt;
    Item& next = items_[cursor_ - items_.front().index];
    if (stretch_ && next.time <= planned_) continue;
    if (next.time < free_from_) continue;  // an earlier run has judged it
    item = {next.index, next.time, next.frame};
    break;
  }
  const auto whom = stands_back_ ? PictureBudget::For::left : PictureBudget::For::awaited;
  lock.unlock();
  if (!stretch_) {
    zero_ = item.time;
    if (settings_.lamps.value_or(shared_.options.lamps).watch)
      watch_.emplace(lamps::Options{settings_.lamps.value_or(shared_.options.lamps), settings_.fps});
    begin_stretch(item.time);
  }
  const std::size_t bytes = picture_bytes(settings_.width, settings_.height, types::Encoding::png);
  auto room = wait == Wait::yes ? shared_.pictures.acquire(
                                      bytes, [this] { return cancelled(); }, whom)
                                : shared_.pictures.try_acquire(bytes, whom);
  if (!room) return std::nullopt;
  lock.lock();
  if (items_.front().index > item.index) return std::nullopt;  // it was too late for it
  Item& taken = items_[item.index - items_.front().index];
  taken.frame.reset();
  item.lease = std::exchange(taken.lease, std::nullopt);
  cursor_ = item.index + 1;
  lock.unlock();
  planned_ = item.time;
  return decode(std::move(item), stretch_->next_number++, std::move(*room));
}

LiveBout::Decoding LiveBout::decode(Item item, std::int64_t number, PictureBudget::Lease room) {
  const double time = item.time - stretch_->zero;
  return shared_.workers.run(
      stretch_->analyser.lane(),
      [this, item = std::move(item), number, time, room = std::move(room)]() mutable -> Decoded {
        Decoded decoded{item.index, item.time, nullptr};
        if (!item.frame) {
          auto read = log_.read(item.index);
          if (!read) return decoded;
          read->width = settings_.width;
          read->height = settings_.height;
          item.frame = std::make_shared<const types::EncodedFrame>(std::move(*read));
        }
        auto image = video::decode(*item.frame, reduction_for(settings_.width));
        if (!image) return decoded;
        types::Frame frame{number, time, video::scale_of(*image, *item.frame), std::move(*image)};
        decoded.frame = counted(std::move(frame), std::move(room));
        return decoded;
      });
}

// From this moment on, as if nothing had been looked at before.
void LiveBout::begin_stretch(double from) {
  if (ahead_) ahead_->wait();
  ahead_.reset();
  const auto options = tracker_options(shared_, settings_);
  stretch_.reset(new Stretch{Analyser(shared_.models, shared_.workers, options, types::nowhere), zero_, {}});
  const base::Lock lock(mutex_);
  lane_ = stretch_->analyser.lane();
  if (stands_back_) shared_.workers.stand_back(lane_, true);
  const auto first = std::ranges::find_if(items_, [&](const Item& item) { return item.time >= from; });
  if (first != items_.end()) cursor_ = std::min(cursor_, first->index);
  planned_ = -for_ever;
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
