#include "bout/cutter.h"

#include <algorithm>
#include <utility>

#include "types/names.h"

namespace piste::bout {
namespace {

using namespace types::box;
using types::Weapon;

constexpr double halt = 1.0;   // s after the clock has stopped in which a hit may still have been under way
constexpr int most_tests = 6;  // in a row; beyond that nobody uses the clock any more
constexpr std::size_t most_contacts = 2000;

}  // namespace

void Cutter::take(const Event& event) {
  const double at = event.moment.at;
  if (const auto* lamp = std::get_if<Lamp>(&event.what)) return take_lamp(*lamp, event.moment);
  close(at);
  if (const auto* clock = std::get_if<Clock>(&event.what)) return take_clock(*clock, event.moment);
  if (const auto* contact = std::get_if<BladeContact>(&event.what)) {
    if (contact->on) contacts_.push_back(at);
    while (!contacts_.empty() &&
           (contacts_.front() < at - longest_phrase || contacts_.size() > most_contacts))
      contacts_.pop_front();
  } else if (const auto* lockout = std::get_if<Lockout>(&event.what)) {
    if (lockout->on) lockout_ = at;
    if (!lockout->on && lockout_ && open_) open_->phrase.lockout = types::Lockout{*lockout_, at - *lockout_};
    if (!lockout->on) lockout_.reset();
  } else if (const auto* match = std::get_if<Match>(&event.what)) {
    const auto told = match->fields.find("weapon");
    if (told != match->fields.end() && !rules_.weapon)
      weapon_ = types::weapon_named(told->second).value_or(weapon_);
  }
}

void Cutter::take_clock(const Clock& clock, const Moment& moment) {
  if (!clock.running || clock_.running == clock.running) return;
  clock_.running = clock.running;
  if (*clock.running) {
    clock_.started = moment.at - moment.error;
    clock_.stopped.reset();
  } else {
    clock_.stopped = moment.at + moment.error;
  }
}

// Off target shows in foil alone: elsewhere the lamp is a broken wire's.
bool Cutter::is_hit(const Lamp& lamp) const {
  if (lamp.onset_unknown) return false;
  return lamp.state == LampState::valid || (lamp.state == LampState::off_target && weapon_ == Weapon::foil);
}

void Cutter::take_lamp(const Lamp& lamp, const Moment& moment) {
  if (!is_hit(lamp)) return;
  close(moment.at);
  if (!open_) {
    if (moment.at < free_from_) return;  // told late, of the phrase that is over
    begin(moment.at);
    if (!open_) return;
  }
  auto& phrase = open_->phrase;
  for (const types::Touch& touch : phrase.touches)
    if (touch.scorer == lamp.side) return;
  phrase.touches.push_back({lamp.side, moment.at, lamp.state == LampState::valid, moment.error});
  std::ranges::sort(phrase.touches, {}, &types::Touch::time);
  phrase.order_unknown = phrase.order_unknown || lamp.order_unknown;
  open_->end = phrase.touches.back().time + after_last_hit;
}

bool Cutter::clock_ran(double at) const {
  if (!clock_.started || at < *clock_.started - before_clock) return false;
  return !clock_.stopped || (*clock_.stopped > free_from_ && at < *clock_.stopped + halt);
}

void Cutter::begin(double at) {
  const bool ran = clock_ran(at);
  if (clock_.tests == most_tests) clock_.with = 0;
  if (!ran && clock_.with > clock_.without) {
    ++clock_.tests;
    left_out_.push_back({at, "the clock stood: somebody tested a weapon"});
    return;
  }
  clock_.tests = 0;
  if (clock_.running) ++(ran ? clock_.with : clock_.without);
  open_.emplace();
  open_->weapon = weapon_;
  if (ran && *clock_.started - before_clock > at - longest_phrase)
    open_->phrase.start = std::max(*clock_.started - before_clock, free_from_);
  open_->earliest = open_->phrase.start.value_or(std::max(at - guard_before_hit, free_from_));
}

void Cutter::close(double now) {
  if (open_ && now >= open_->end) finish();
}

void Cutter::finish() {
  auto cut = *std::exchange(open_, std::nullopt);
  cut.phrase.end = cut.end;
  for (const double contact : contacts_)
    if (contact >= cut.earliest && contact <= cut.end) cut.phrase.blade_contacts.push_back(contact);
  free_from_ = cut.end;
  over_.push_back(std::move(cut));
}

std::optional<Cut> Cutter::next(double now) {
  close(now);
  if (over_.empty()) return std::nullopt;
  auto cut = std::move(over_.front());
  over_.pop_front();
  return cut;
}

std::optional<LeftOut> Cutter::next_left_out() {
  if (left_out_.empty()) return std::nullopt;
  auto found = std::move(left_out_.front());
  left_out_.pop_front();
  return found;
}

}  // namespace piste::bout
