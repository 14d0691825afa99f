#include "pipeline/bout_hearing.h"

#include <cmath>

namespace piste::pipeline {
namespace {

namespace box = types::box;

constexpr std::size_t most_events = 10'000;
constexpr double worth_telling = .01;  // s by which the lag or its error has changed

}  // namespace

BoutHearing::BoutHearing(const PhraseSettings& settings)
    : clock_(settings.fps, settings.timestamps), file_(settings.directory), lag_(settings.picture_lag) {
  for (auto& event : file_.found()) heard_.push_back(std::move(event));
}

double BoutHearing::frame(std::int64_t number, std::optional<double> timestamp,
                          std::optional<double> arrived) {
  const double time = clock_.frame(number, timestamp, arrived);
  if (!first_) first_ = time;
  place_waiting();
  return time;
}

void BoutHearing::end() {
  clock_.end();
  place_waiting();
}

void BoutHearing::tell(const box::Event& event, Told by) {
  if (!place(event, by) && early_.size() < most_events) early_.emplace_back(event, by);
}

void BoutHearing::place_waiting() {
  std::erase_if(early_, [&](const auto& told) { return place(told.first, told.second); });
}

// False: nobody knows yet when it was.
bool BoutHearing::place(box::Event event, Told by) {
  auto& at = event.moment.at;
  const auto placed = by == Told::by_client ? std::optional(clock_.of_client(at)) : clock_.of_node(at);
  if (!first_ || !placed) return false;
  at = *placed;
  if (by == Told::by_box) lay_behind_box(event);
  const bool lamp = std::holds_alternative<box::Lamp>(event.what);
  if (lamp && at < *first_) return true;  // of what was fenced before
  hits_told_ = hits_told_ || lamp;
  keep(std::move(event));
  return true;
}

void BoutHearing::lay_behind_box(box::Event& event) {
  if (const auto* lamp = std::get_if<box::Lamp>(&event.what)) {
    beside_box_ = true;
    meter_.told(*lamp, event.moment);
  }
  if (!lag_) return;
  event.moment.at += lag_->seconds;
  event.moment.error += lag_->error;
}

// In the file before it is acknowledged.
void BoutHearing::keep(box::Event event) {
  if (heard_.size() >= most_events) return;
  file_.add(event);
  heard_.push_back(std::move(event));
}

void BoutHearing::saw(const box::Events& lamps) {
  for (const box::Event& event : lamps) {
    if (const auto* lamp = std::get_if<box::Lamp>(&event.what)) meter_.seen(*lamp, event.moment);
    if (!hits_told_) keep(event);  // who tells hits is believed
  }
  const auto measured = meter_.lag();
  if (!measured) return;
  const bool known = lag_ && std::abs(measured->seconds - lag_->seconds) < worth_telling &&
                     std::abs(measured->error - lag_->error) < worth_telling;
  if (known) return;
  lag_ = news_ = measured;
}

box::Events BoutHearing::take_until(double time) {
  box::Events taken;
  for (const auto& event : heard_)
    if (event.moment.at <= time) taken.push_back(event);
  std::erase_if(heard_, [&](const box::Event& event) { return event.moment.at <= time; });
  return taken;
}

std::optional<types::PictureLag> BoutHearing::take_new_lag() {
  return std::exchange(news_, std::nullopt);
}

}  // namespace piste::pipeline
