#include "boxes/encoders.h"

#include <boost/json.hpp>
#include <cstdint>
#include <cstdio>

#include "base/json_text.h"
#include "base/number.h"

namespace piste::boxes {
namespace {

namespace json = boost::json;

constexpr double favero_red_card = 3;  // s that it is shown

// Numbers as text, of two digits at least.
std::string two(int number) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d", std::clamp(number, 0, 99));
  return text;
}

std::string digit(bool on) {
  return on ? "1" : "0";
}

char byte(int value) {
  return static_cast<char>(value & 0xFF);
}

char bcd(int value) {
  const int number = std::clamp(value, 0, 99);
  return byte(number / 10 << 4 | number % 10);
}

int sum_of(const std::string& bytes) {
  int sum = 0;
  for (const char part : bytes) sum += static_cast<unsigned char>(part);
  return sum & 0xFF;
}

int period_of(const BoxState& box) {
  return std::clamp(base::number_in<int>(box.field("period")).value_or(1), 1, 9);
}

// "2:56", and "0:09.30" in the last ten seconds
std::string stopwatch_text(const BoxState& box, double now) {
  char text[24];
  const double left = box.clock(now);
  if (left < 10 && left > 0)
    std::snprintf(text, sizeof text, "0:%05.2f", std::floor(left * 100) / 100);
  else
    std::snprintf(text, sizeof text, "%d:%02d", box.whole_seconds(now) / 60, box.whole_seconds(now) % 60);
  return text;
}

// The letter of a name that the protocols share.
std::string state_letter(const BoxState& box) {
  const std::string state = box.field("state");
  if (box.running) return "F";
  if (state == "pause") return "P";
  if (state == "waiting") return "W";
  if (state == "ending") return "E";
  return "H";
}

std::string weapon_letter(const BoxState& box) {
  const std::string weapon = box.field("weapon");
  return weapon == "epee" ? "E" : weapon == "foil" ? "F" : "S";
}

std::string priority_letter(const BoxState& box) {
  return box.priority == Priority::right ? "R" : box.priority == Priority::left ? "L" : "N";
}

// A field of a text message must not hold what parts the fields.
std::string plain(std::string text) {
  std::erase_if(text, [](char c) { return c == '|' || c == '%' || static_cast<unsigned char>(c) < 0x20; });
  return text;
}

std::string fields(std::initializer_list<std::string> all) {
  std::string text;
  for (const std::string& field : all) text += plain(field) + "|";
  return text;
}

std::string fpa_frame(const std::string& body) {
  return "\x01" + body + "\x04";
}

std::string fpa_cards(const BoxState& box, Side side) {
  return two(box.count(side, CardKind::yellow)) + two(box.count(side, CardKind::red)) +
         digit(box.count(side, CardKind::black) > 0);
}

int skewered_card(const BoxState& box, Side side) {
  return box.count(side, CardKind::red) > 0 ? 2 : box.count(side, CardKind::yellow) > 0 ? 1 : 0;
}

int skewered_p_card(const BoxState& box, Side side) {
  if (box.count(side, CardKind::p_black) > 0) return 3;
  return box.count(side, CardKind::p_red) > 0 ? 2 : box.count(side, CardKind::p_yellow) > 0 ? 1 : 0;
}

int skewered_light(LampState state) {
  switch (state) {
    case LampState::valid:
      return 1;
    case LampState::off_target:
      return 2;
    case LampState::too_short:
      return 3;
    case LampState::late:
      return 4;
    default:
      return 0;
  }
}

int skewered_ms(const ShownLamp& lamp, double now) {
  if (!is_hit(lamp.state)) return std::clamp(lamp.ms, 0, 999);
  return static_cast<int>(std::clamp((now - lamp.since) * 1000, 0.0, 999.0));
}

std::string cyrano_fencer(const BoxState& box, Side side) {
  const std::string prefix = std::string(to_string(side)) + "_";
  const std::string status = box.field(prefix + "status");
  const int p_card = box.count(side, CardKind::p_black) > 0 ? 3 + box.count(side, CardKind::p_black)
                     : box.count(side, CardKind::p_red) > 0 ? 1 + box.count(side, CardKind::p_red)
                                                            : box.count(side, CardKind::p_yellow);
  return fields({box.field(prefix + "id"), box.field(prefix + "name"), box.field(prefix + "nation"),
                 std::to_string(box.points[side]), status.empty() ? "U" : status,
                 digit(box.count(side, CardKind::yellow) > 0),
                 std::to_string(std::min(9, box.count(side, CardKind::red))), digit(box.valid(side)),
                 digit(box.white(side)), "0", "N", std::to_string(std::min(5, p_card))});
}

std::string efp2_fencer(const BoxState& box, Side side) {
  const std::string prefix = std::string(to_string(side)) + "_";
  return fields({box.field(prefix + "id"), box.field(prefix + "name"), box.field(prefix + "team"), "",
                 box.field(prefix + "member_name"), std::to_string(box.points[side]),
                 digit(box.count(side, CardKind::yellow) > 0),
                 std::to_string(std::min(9, box.count(side, CardKind::red))),
                 digit(box.count(side, CardKind::black) > 0), "0", digit(box.valid(side)),
                 digit(box.white(side))});
}

Packet opp2_packet(const BoxState& box, const char* type, json::object payload, double now, bool retain) {
  json::object whole{{"protocol", "OPP2"}, {"version", "1.0"}};
  // Milliseconds since the box was started: a simulated one knows no time of day.
  constexpr std::uint64_t since_start = std::uint64_t{1} << 56;
  whole["ts"] = since_start + static_cast<std::uint64_t>(std::llround(now * 1000));
  for (auto& [name, value] : payload) whole[name] = std::move(value);
  std::string piste = plain(box.field("piste"));
  std::erase(piste, '/');
  return {now, base::json_text(whole), "openpiste/" + piste + "/apparatus/" + type, retain};
}

json::object opp2_fencer(const BoxState& box, Side side) {
  return {{"score", box.points[side]},
          {"status", "U"},
          {"yellow_card", box.count(side, CardKind::yellow) > 0},
          {"red_cards", box.count(side, CardKind::red)},
          {"black_card", box.count(side, CardKind::black) > 0}};
}

}  // namespace

std::string favero_frame(const BoxState& box, double now) {
  const int seconds = box.whole_seconds(now);
  const auto bit = [](bool on, int at) { return on ? 1 << at : 0; };
  const auto red_card = [&](Side side) { return now - box.red_card_at[side] < favero_red_card; };
  std::string out{byte(0xFF), bcd(box.points.right), bcd(box.points.left), bcd(seconds % 60),
                  byte(seconds / 60 % 10)};
  out += byte(bit(box.white(Side::left), 0) | bit(box.white(Side::right), 1) | bit(box.valid(Side::left), 2) |
              bit(box.valid(Side::right), 3));
  out += byte((period_of(box) & 3) | bit(box.priority == Priority::right, 2) |
              bit(box.priority == Priority::left, 3));
  out += byte(box.running);
  out += byte(bit(red_card(Side::right), 0) | bit(red_card(Side::left), 1) |
              bit(box.count(Side::right, CardKind::yellow) > 0, 2) |
              bit(box.count(Side::left, CardKind::yellow) > 0, 3));
  return out + byte(sum_of(out));
}

std::string skewered_packet(const BoxState& box, double now) {
  const std::string weapon = box.field("weapon");
  const double left = box.clock(now);
  const bool fine = left > 0 && left < 10;
  const int remaining = fine ? static_cast<int>(left * 100) : std::min(1023, box.whole_seconds(now));
  const int left_ms = skewered_ms(box.lamps.left, now);
  const int right_ms = skewered_ms(box.lamps.right, now);
  std::string out{byte(0xEE), byte(box.lockout << 1)};
  out += byte(static_cast<int>(box.priority) << 6 |
              (weapon == "epee"   ? 1
               : weapon == "foil" ? 2
                                  : 0)
                  << 4 |
              period_of(box));
  out += byte(fine << 3 | box.running << 2 | remaining >> 8);
  out += byte(remaining);
  out += byte(0);
  out += byte(box.blade_contact << 6);
  out += byte(skewered_light(box.lamps.left.state) << 3 | skewered_light(box.lamps.right.state));
  out += byte(left_ms >> 3);
  out += byte((left_ms & 7) << 5 | right_ms >> 7);
  out += byte((right_ms & 0x7F) << 1);
  out += byte(box.points.left & 0x7F);
  out += byte(box.points.right & 0x7F);
  out += byte(skewered_card(box, Side::left) | skewered_p_card(box, Side::left) << 2 |
              skewered_card(box, Side::right) << 4 | skewered_p_card(box, Side::right) << 6);
  out += byte(sum_of(out));
  return out + byte(0xFF);
}

std::string fpa_lamps(const BoxState& box) {
  return fpa_frame("\x14R" + digit(box.valid(Side::left)) + "G" + digit(box.valid(Side::right)) + "W" +
                   digit(box.white(Side::right)) + "w" + digit(box.white(Side::left)));
}

std::string fpa_clock(const BoxState& box, double now) {
  const std::string text = stopwatch_text(box, now);
  const auto point = text.find('.');
  std::string fraction = point == std::string::npos ? "" : text.substr(point);
  if (box.running) fraction = fraction.substr(0, 2);
  fraction.resize(3, ' ');
  std::string minutes = text.substr(0, text.find(':'));
  minutes.insert(0, minutes.size() < 2 ? 1 : 0, ' ');
  return fpa_frame(std::string("\x13") +
                   (box.running                     ? "R"
                    : box.field("state") == "pause" ? "B"
                                                    : "N") +
                   "\x02" + minutes + text.substr(text.find(':'), 3) + fraction);
}

std::string fpa_score(const BoxState& box) {
  const char* priority = box.priority == Priority::right ? "1" : box.priority == Priority::left ? "2" : "0";
  return fpa_frame(
      "\x13"
      "D\x02" +
      two(box.points.right) + ":" + two(box.points.left) + "\x02" + fpa_cards(box, Side::right) + "\x02" +
      fpa_cards(box, Side::left) + "\x02" + priority + "\x02" + std::to_string(period_of(box)) +
      "\x02"
      "00");
}

std::string fpa_blade_contact(const BoxState& box) {
  return fpa_frame(
      "\x13"
      "BC\x02" +
      digit(box.blade_contact));
}

std::string stgeorge_lamps(const BoxState& box) {
  return fpa_frame("\x13LR" + digit(box.valid(Side::left)) + "G" + digit(box.valid(Side::right)) + "W" +
                   digit(box.white(Side::left)) + "w" + digit(box.white(Side::right)));
}

std::string stgeorge_cycle(const BoxState& box, double now) {
  const std::string time = two(box.whole_seconds(now) / 60) + ":" + two(box.whole_seconds(now) % 60);
  const auto cards = [&](Side side) {
    const int red = std::min(9, box.count(side, CardKind::red));
    return "0" + std::to_string((box.count(side, CardKind::yellow) > 0 ? 1 : 0) + (red > 0 ? 2 : 0)) + "0" +
           std::to_string(red);
  };
  const char* priority = box.priority == Priority::right ? "1" : box.priority == Priority::left ? "2" : "3";
  return fpa_frame("\x13S" + two(box.points.right) + ":" + two(box.points.left)) + fpa_frame("\x13T" + time) +
         fpa_frame(
             "\x13R_F$\x02\x10"
             "0000__:" +
             time + ".___") +
         fpa_frame(
             "\x13ST\x02"
             "0" +
             two(box.points.right) + ":0" + two(box.points.left) + "\x02" + cards(Side::right) + "\x02" +
             cards(Side::left) + "\x02" + priority +
             "\x02"
             "00");
}

std::string cyrano_info(const BoxState& box, double now) {
  return "|EFP1.1|INFO|" +
         fields({box.field("piste"), box.field("competition"), box.field("phase"), box.field("poule"),
                 box.field("match"), box.field("period"), "", stopwatch_text(box, now), "I",
                 weapon_letter(box), priority_letter(box), state_letter(box), "", box.field("referee_name"),
                 ""}) +
         "%|" + cyrano_fencer(box, Side::right) + "%|" + cyrano_fencer(box, Side::left) + "%|";
}

std::string efp2_info(const BoxState& box, double now) {
  const std::string competition = box.field("competition");
  return "|EFP2|INFO|" +
         fields({box.field("piste"), "1", competition.empty() ? weapon_letter(box) + "IM" : competition,
                 box.field("phase"), "1", box.field("period"), box.field("match"), "",
                 stopwatch_text(box, now), state_letter(box), "0", priority_letter(box), "0", "0", "0", "0",
                 "0", "0"}) +
         efp2_fencer(box, Side::right) + efp2_fencer(box, Side::left);
}

std::vector<Packet> opp2_messages(const std::optional<BoxState>& before, const BoxState& box, double now,
                                  bool clock) {
  std::vector<Packet> out;
  const auto add = [&](const char* type, json::object payload, bool retain) {
    out.push_back(opp2_packet(box, type, std::move(payload), now, retain));
  };
  if (clock || !before || before->running != box.running || before->clock_at != box.clock_at) {
    add("clock",
        {{"running", box.running},
         {"time_ms", std::llround(box.clock(now) * 1000)},
         {"time", stopwatch_text(box, now)}},
        true);
  }
  if (!before || before->running != box.running) add("state", {{"state", state_letter(box)}}, true);
  if (before && before->blade_contact != box.blade_contact)
    add("blade_contact", {{"active", box.blade_contact}}, false);
  if (!before || before->lamps.left != box.lamps.left || before->lamps.right != box.lamps.right) {
    add("lights",
        {{"right", json::object{{"green", box.valid(Side::right)}, {"white", box.white(Side::right)}}},
         {"left", json::object{{"red", box.valid(Side::left)}, {"white", box.white(Side::left)}}}},
        true);
  }
  const bool same_score = before && before->points.left == box.points.left &&
                          before->points.right == box.points.right && before->cards.left == box.cards.left &&
                          before->cards.right == box.cards.right && before->priority == box.priority;
  if (!same_score) {
    add("score",
        {{"right", opp2_fencer(box, Side::right)},
         {"left", opp2_fencer(box, Side::left)},
         {"priority", priority_letter(box)}},
        true);
  }
  return out;
}

}  // namespace piste::boxes
