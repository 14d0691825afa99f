#include "boxes/news.h"

#include <cmath>
#include <utility>

namespace piste::boxes {
namespace {

template <class T>
void swap_sides(PerSide<T>& both) {
  std::swap(both.left, both.right);
}

void swap_sides(Reading& reading) {
  swap_sides(reading.lamps);
  swap_sides(reading.score.points);
  swap_sides(reading.cards);
  if (reading.priority == Priority::left)
    reading.priority = Priority::right;
  else if (reading.priority == Priority::right)
    reading.priority = Priority::left;
  reading.match = with_sides_swapped(reading.match);
}

}  // namespace

std::map<std::string, std::string> with_sides_swapped(const std::map<std::string, std::string>& fields) {
  std::map<std::string, std::string> out;
  for (const auto& [name, value] : fields) {
    if (name.starts_with("left_"))
      out.emplace("right_" + name.substr(5), value);
    else if (name.starts_with("right_"))
      out.emplace("left_" + name.substr(6), value);
    else
      out.emplace(name, value);
  }
  return out;
}

void News::tell(Reading reading, Moment moment, bool doubtful, Events& out) {
  if (!std::exchange(link_, true)) out.push_back({Link{true, {}}, moment});
  if (swap_sides_) swap_sides(reading);
  tell_match(reading, moment, doubtful, out);
  tell_clock(reading.clock, moment, doubtful, out);
  Moment at = moment;
  if (reading.blade_contact && state_.blade_contact.take(*reading.blade_contact, doubtful, at))
    out.push_back({BladeContact{*reading.blade_contact}, at});
  tell_lamps(reading, moment, doubtful, out);
  at = moment;
  if (reading.lockout && state_.lockout.take(*reading.lockout, doubtful, at))
    out.push_back({Lockout{*reading.lockout}, at});
  tell_score(reading.score, moment, doubtful, out);
  tell_cards(reading, moment, doubtful, out);
  at = moment;
  if (reading.priority && state_.priority.take(*reading.priority, doubtful, at))
    out.push_back({PriorityGiven{*reading.priority}, at});
}

void News::lost(Moment moment, std::string why, Events& out) {
  if (!std::exchange(link_, false)) return;
  state_ = State();
  out.push_back({Link{false, std::move(why)}, moment});
}

void News::tell_lamps(const Reading& reading, Moment moment, bool doubtful, Events& out) {
  const bool first_told = !state_.lamps_told && !reading.lamps_just_changed;
  const std::size_t first = out.size();
  for (const Side side : types::both_sides) {
    const auto& lamp = reading.lamps[side];
    if (!lamp) continue;
    state_.lamps_told = true;
    Moment at = lamp->moment.value_or(moment);
    if (!state_.lamps[side].take(lamp->state, doubtful, at) && !lamp->another) continue;
    const bool onset_unknown = first_told && lamp->state != LampState::off && !lamp->moment;
    out.push_back({Lamp{side, lamp->state, lamp->ms, false, onset_unknown || lamp->older}, at});
  }
  if (out.size() != first + 2 || out[first].moment.at != out[first + 1].moment.at) return;
  Lamp& left = std::get<Lamp>(out[first].what);
  Lamp& right = std::get<Lamp>(out[first + 1].what);
  left.order_unknown = right.order_unknown = is_hit(left.state) && is_hit(right.state);
}

// A running clock is news once a second, a clock that stands whenever it shows something else.
void News::tell_clock(const Clock& clock, Moment moment, bool doubtful, Events& out) {
  Moment at = moment;
  bool news = clock.running && state_.running.take(*clock.running, doubtful, at);
  const bool runs = state_.running.value().value_or(false);
  const auto known = state_.seconds.value();
  const bool same_second =
      clock.seconds && known && runs && !news && std::ceil(*clock.seconds) == std::ceil(*known);
  if (clock.seconds && !same_second) news |= state_.seconds.take(*clock.seconds, doubtful && !news, at);
  if (news) out.push_back({Clock{state_.running.value(), state_.seconds.value()}, at});
}

void News::tell_score(const Score& score, Moment moment, bool doubtful, Events& out) {
  bool news = false;
  for (const Side side : types::both_sides) {
    if (const auto& points = score.points[side]) news |= state_.points[side].take(*points, doubtful, moment);
  }
  if (news) out.push_back({Score{{state_.points.left.value(), state_.points.right.value()}}, moment});
}

void News::tell_cards(const Reading& reading, Moment moment, bool doubtful, Events& out) {
  for (const Side side : types::both_sides) {
    for (std::size_t kind = 0; kind < card_kinds; ++kind) {
      const auto& count = reading.cards[side][kind];
      auto& known = state_.cards[side][kind];
      if (!count) continue;
      Moment at = moment;
      const bool none_before = !known.value();
      if (!known.take(*count, doubtful, at) || (none_before && *count == 0)) continue;
      out.push_back({Card{side, static_cast<CardKind>(kind), *count}, at});
    }
  }
}

void News::tell_match(const Reading& reading, Moment moment, bool doubtful, Events& out) {
  Match match;
  for (const auto& [name, value] : reading.match) {
    if (state_.match[name].take(value, doubtful, moment)) match.fields.emplace(name, value);
  }
  if (!match.fields.empty()) out.push_back({std::move(match), moment});
}

}  // namespace piste::boxes
