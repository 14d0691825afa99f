#include "boxes/cyrano.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace piste::boxes {
namespace {

constexpr std::size_t general_fields = 17;
constexpr std::size_t fencer_fields = 12;  // EFP1 has no P-card, the last
constexpr std::string_view area_end = "|%";

// So many fields: trailing ones may be missing. nullopt where there are more.
std::optional<std::vector<std::string_view>> fields(std::string_view area, std::size_t count) {
  auto found = split(area, '|');
  if (found.size() > count) return std::nullopt;
  found.resize(count);
  return found;
}

// The next "|%" that ends an area: a per cent sign within a name does not.
std::size_t end_of_area(std::string_view message) {
  auto end = message.find(area_end);
  while (end != std::string_view::npos && end + 2 < message.size() && message[end + 2] != '|')
    end = message.find(area_end, end + 1);
  return end;
}

// "general|%|right|%|left|%": the areas, the bars that part them taken away.
std::array<std::string_view, 3> areas(std::string_view message) {
  std::array<std::string_view, 3> out;
  for (std::string_view& area : out) {
    const auto end = end_of_area(message);
    area = message.substr(0, end);
    if (end == std::string_view::npos) break;
    message.remove_prefix(end + area_end.size());
    if (message.starts_with('|')) message.remove_prefix(1);
  }
  return out;
}

bool is_empty_or(std::string_view field, std::string_view letters) {
  return field.empty() || (field.size() == 1 && letters.find(field[0]) != std::string_view::npos);
}

void put(Reading& reading, const std::string& name, std::string_view value) {
  if (!value.empty()) reading.match[name] = value;
}

bool general(const std::vector<std::string_view>& fields, Reading& reading) {
  if (!fields[9].empty()) {
    reading.clock.seconds = stopwatch(fields[9]);
    if (!reading.clock.seconds) return false;
  }
  if (!is_empty_or(fields[10], "IT") || !is_empty_or(fields[11], "FES") || !is_empty_or(fields[12], "NRL") ||
      !is_empty_or(fields[13], "FHPWE"))
    return false;
  put(reading, "piste", fields[2]);
  put(reading, "competition", fields[3]);
  put(reading, "phase", fields[4]);
  put(reading, "poule", fields[5]);
  put(reading, "match", fields[6]);
  put(reading, "period", fields[7]);
  put(reading, "referee_name", fields[15]);
  put(reading, "weapon", weapon_name(fields[11]).value_or(""));
  put(reading, "state", state_name(fields[13]).value_or(""));
  reading.priority = priority_of(fields[12]);
  if (!fields[13].empty()) reading.clock.running = fields[13] == "F";
  return true;
}

void p_cards(int code, Cards& cards) {  // 1 P-yellow, 2-3 one or two P-red, 4-5 one or two P-black
  card(cards, CardKind::p_yellow) = code == 1 ? 1 : 0;
  card(cards, CardKind::p_red) = code == 2 || code == 3 ? code - 1 : 0;
  card(cards, CardKind::p_black) = code >= 4 ? code - 3 : 0;
}

}  // namespace

bool Cyrano::is_own(std::string_view message) const {
  return message.starts_with("|EFP1|") || message.starts_with("|EFP1.1|");
}

bool Cyrano::message(std::string_view message, std::optional<double> told, Events& out) {
  // Without the last bar; where there is none, the message was cut, and so perhaps was its last field.
  if (!message.ends_with(area_end)) message = message.substr(0, message.rfind('|'));
  const auto [general_area, right, left] = areas(message);
  const auto found = fields(general_area, general_fields);
  if (!found) return false;
  if ((*found)[1] != "INFO") {  // for the box, or of its buttons
    ++tally_.messages;
    return true;
  }
  Reading reading;
  if (!general(*found, reading)) return false;
  const auto lamps_before = lamps_;
  if (!fencer(right, Side::right, reading) || !fencer(left, Side::left, reading)) {
    lamps_ = lamps_before;
    return false;
  }
  if (!is_ours((*found)[2])) {
    lamps_ = lamps_before;
    return true;
  }
  tell_info(std::move(reading), told, out);
  return true;
}

// id name nation score status yellow red light white medical reserve P-card
bool Cyrano::fencer(std::string_view area, Side side, Reading& reading) {
  const auto found = fields(area, fencer_fields);
  if (!found) return false;
  const std::vector<std::string_view>& field = *found;
  std::optional<int> points;
  std::optional<int> medical;
  std::optional<int> p_card;
  Cards& cards = reading.cards[side];
  const bool sound = read_number(field[3], 99, points) && is_empty_or(field[4], "UVDAE") &&
                     read_number(field[5], 1, card(cards, CardKind::yellow)) &&
                     read_number(field[6], 9, card(cards, CardKind::red)) && is_empty_or(field[7], "01") &&
                     is_empty_or(field[8], "01") && read_number(field[9], 9, medical) &&
                     is_empty_or(field[10], "NR") && read_number(field[11], 5, p_card);
  if (!sound) return false;
  if (p_card) p_cards(*p_card, cards);
  reading.score.points[side] = points;
  reading.lamps[side] = lamp(lamps_[side], field[7], field[8]);
  const std::string prefix = std::string(to_string(side)) + "_";
  put(reading, prefix + "id", field[0]);
  put(reading, prefix + "name", field[1]);
  put(reading, prefix + "nation", field[2]);
  put(reading, prefix + "status", field[4]);
  return true;
}

}  // namespace piste::boxes
