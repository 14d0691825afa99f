#include "boxes/efp2.h"

#include <string>
#include <utility>

namespace piste::boxes {
namespace {

constexpr std::size_t info_fields = 42;
constexpr std::size_t general_fields = 18;
constexpr std::size_t fencer_fields = 12;

void put(Reading& reading, const std::string& name, std::string_view value) {
  if (!value.empty()) reading.match[name] = value;
}

// piste event competition phase order round bout begin stopwatch state remote priority, four calls, reverse
// standby
bool general(std::span<const std::string_view> field, Reading& reading) {
  if (!field[8].empty()) {
    reading.clock.seconds = stopwatch(field[8]);
    if (!reading.clock.seconds) return false;
  }
  const auto state = state_name(field[9]);
  const auto priority = priority_of(field[11]);
  if ((!field[9].empty() && !state) || (!field[11].empty() && !priority)) return false;
  put(reading, "piste", field[0]);
  put(reading, "competition", field[2]);
  put(reading, "phase", field[3]);
  put(reading, "period", field[5]);
  put(reading, "match", field[6]);
  put(reading, "state", state.value_or(""));
  // "EIM": epee, individual, men
  if (field[2].size() == 3) put(reading, "weapon", weapon_name(field[2].substr(0, 1)).value_or(""));
  reading.priority = priority;
  if (state) reading.clock.running = *state == "fencing";
  return true;
}

bool is_empty_or_flag(std::string_view field) {
  return field.empty() || field == "0" || field == "1";
}

}  // namespace

bool Efp2::message(std::string_view message, std::optional<double> told, Events& out) {
  if (message.ends_with('|')) message.remove_suffix(1);
  const auto all = split(message, '|');
  if (all.size() < 2 || all[1].empty()) return false;
  if (all[1] != "INFO") {
    ++tally_.messages;
    return true;
  }
  if (all.size() != info_fields + 2) return false;
  const std::span<const std::string_view> field = std::span(all).subspan(2);
  Reading reading;
  if (!general(field, reading)) return false;
  const auto lamps_before = lamps_;
  const bool sound = fencer(field.subspan(general_fields, fencer_fields), Side::right, reading) &&
                     fencer(field.subspan(general_fields + fencer_fields), Side::left, reading);
  const bool counts = sound && is_ours(field[0]);
  if (!counts) lamps_ = lamps_before;
  if (counts) tell_info(std::move(reading), told, out);
  return sound;
}

// id name team member-id member-name score yellow reds black used-video lamp white
bool Efp2::fencer(std::span<const std::string_view> field, Side side, Reading& reading) {
  Cards& cards = reading.cards[side];
  std::optional<int> points;
  const bool sound = read_number(field[5], 99, points) &&
                     read_number(field[6], 1, card(cards, CardKind::yellow)) &&
                     read_number(field[7], 9, card(cards, CardKind::red)) &&
                     read_number(field[8], 1, card(cards, CardKind::black)) && is_empty_or_flag(field[10]) &&
                     is_empty_or_flag(field[11]);
  if (!sound) return false;
  reading.score.points[side] = points;
  reading.lamps[side] = lamp(lamps_[side], field[10], field[11]);
  const std::string prefix = std::string(to_string(side)) + "_";
  put(reading, prefix + "id", field[0]);
  put(reading, prefix + "name", field[1]);
  put(reading, prefix + "team", field[2]);
  put(reading, prefix + "member_name", field[4]);
  return true;
}

}  // namespace piste::boxes
