#include "scoring/line.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "base/text.h"

namespace piste::scoring::line {
namespace {

using types::Side;

// No phrase lasts an hour; a box that says so has a broken clock.
constexpr double latest = 3600;
constexpr double longest_lockout = 5;
constexpr std::size_t longest_number = 64;  // letters

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool is_text(std::string_view text) {
  const auto control = [](char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  };
  return std::none_of(text.begin(), text.end(), control) && base::is_utf8(text);
}

bool contains_winner(std::string_view text) {
  constexpr std::string_view word = "winner";
  const auto same = [](char a, char b) { return std::tolower(static_cast<std::uint8_t>(a)) == b; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "1.234", "1,234" (the decimal comma of half of Europe), "nan", "1e308": any double. nullopt where no number
// is there, or where it goes on with another point or comma, so that nobody knows which one is meant.
std::optional<double> take_number(std::string_view& text) {
  const std::string_view beginning = text.substr(0, longest_number);
  std::string number(beginning.substr(0, beginning.find_first_not_of("0123456789.,+-eEinfatyNFA")));
  const bool decimal_comma = number.find(',') != std::string::npos;
  if (decimal_comma && number.find('.') != std::string::npos) return std::nullopt;
  std::replace(number.begin(), number.end(), ',', '.');
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc::result_out_of_range) value = std::nan("");
  const auto taken = static_cast<std::size_t>(end - number.data());
  if (taken < number.size() && number[taken] == '.') return std::nullopt;
  text.remove_prefix(taken);
  return value;
}

// The unit behind a number, as seconds; nullopt: none that is known.
std::optional<double> take_unit(std::string_view& text) {
  std::string_view rest = base::trimmed(text);
  for (const auto& [name, unit] : {std::pair<std::string_view, double>{"milliseconds", .001},
                                   {"msec", .001},
                                   {"ms", .001},
                                   {"seconds", 1},
                                   {"secs", 1},
                                   {"sec", 1},
                                   {"s", 1}}) {
    if (!take(rest, name)) continue;
    if (!rest.empty() && std::isalnum(static_cast<std::uint8_t>(rest.front()))) return std::nullopt;
    text = rest;
    return unit;
  }
  return std::nullopt;
}

// "1.234s", "1234 ms".
std::optional<double> take_seconds(std::string_view& text) {
  const auto value = take_number(text);
  const auto unit = value ? take_unit(text) : std::nullopt;
  return unit ? std::optional(*value * *unit) : std::nullopt;
}

// "1:02.5", "00:01:02.500": minutes, or hours and minutes, before the seconds; each but the first below 60.
std::optional<double> take_clock(std::string_view& text) {
  double seconds = 0;
  for (int part = 0; part < 3; ++part) {
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    const auto value = take_number(text);
    if (!value || !(*value < (part > 0 ? 60 : 1e6))) return std::nullopt;
    seconds = 60 * seconds + *value;
    if (!take(text, ":")) return part > 0 ? std::optional(seconds) : std::nullopt;
    if (*value != std::floor(*value)) return std::nullopt;
  }
  return std::nullopt;
}

// An event's time. Seconds with their unit; a clock's or a broken number is seconds without one, too. A whole
// number without unit may be anything.
std::optional<double> take_time(std::string_view& text) {
  std::string_view rest = text;
  auto time = take_clock(rest);
  if (time) {
    text = rest;
    static_cast<void>(take_unit(text));
    return time;
  }
  rest = text;
  time = take_seconds(rest);
  if (time) {
    text = rest;
    return time;
  }
  rest = text;
  time = take_number(rest);
  const std::string_view written = text.substr(0, text.size() - rest.size());
  if (!time || written.find_first_of(".,") == std::string_view::npos) return std::nullopt;
  if (!base::trimmed(rest).starts_with("|")) return std::nullopt;
  text = rest;
  return time;
}

std::optional<Side> take_side(std::string_view& text) {
  if (take(text, "Left")) return Side::left;
  if (take(text, "Right")) return Side::right;
  return std::nullopt;
}

// "Left scores on Right!", perhaps with a note behind it. A victim on the scorer's own side makes it
// unreadable.
std::optional<Side> scorer(std::string_view text) {
  const auto side = take_side(text);
  if (!side || !take(text, " scores on ")) return std::nullopt;
  const auto victim = take_side(text);
  return victim == types::opposite(*side) ? side : std::nullopt;
}

// "(0.200s window)"
std::optional<double> window(std::string_view text) {
  if (!take(text, "(")) return std::nullopt;
  const auto seconds = take_seconds(text);
  return seconds && *seconds > 0 && *seconds <= longest_lockout ? seconds : std::nullopt;
}

Line hit(double time, std::string_view text) {
  if (text.starts_with("Simultaneous valid hits")) return Hit{time, std::nullopt, true};
  if (const auto side = scorer(text)) return Hit{time, side, true};
  return Unknown{};
}

Line off_target(double time, std::string_view text) {
  if (text.starts_with("Blade-to-blade contact")) return BladeContact{time};
  if (const auto side = scorer(text)) return Hit{time, side, false};
  return Unknown{};
}

Line event(double time, std::string_view text) {
  if (take(text, "HIT: ")) return hit(time, text);
  if (take(text, "Off-Target: ")) return off_target(time, text);
  if (take(text, "Lockout period started")) return LockoutStarted{time, window(base::trimmed(text))};
  if (text == "Phrase recording started") return RecordingStarted{time};
  if (text == "Phrase recording ended") return RecordingEnded{time};
  return Unknown{};
}

// Whether a line tells of a hit, whatever else can be read of it.
bool tells_of_hit(std::string_view text) {
  return text.find("HIT:") != std::string_view::npos || text.find(" scores on ") != std::string_view::npos;
}

bool tells_of_event(std::string_view text) {
  constexpr std::array<std::string_view, 4> events{"Phrase recording started", "Phrase recording ended",
                                                   "Lockout period started", "Blade-to-blade contact"};
  return tells_of_hit(text) || std::any_of(events.begin(), events.end(), [&](auto event) {
           return text.find(event) != std::string_view::npos;
         });
}

// " 1.221s | frame 000036 | text": newer boxes put the frame number between.
Line timed(std::string_view text) {
  const auto time = take_time(text);
  text = base::trimmed(text);
  if (!time || !take(text, "|")) return Unknown{};
  text = base::trimmed(text);
  if (text.starts_with("frame ")) {
    const auto bar = text.find('|');
    if (bar == std::string_view::npos) return Unknown{};
    text = base::trimmed(text.substr(bar + 1));
  }
  const Line found = event(*time, text);
  const bool sane = *time >= 0 && *time <= latest;  // false for NaN too
  return sane || std::holds_alternative<Unknown>(found) ? found : Line(Unreadable{tells_of_hit(text)});
}

std::optional<Lamp> take_lamp(std::string_view& text) {
  if (take(text, "HIT")) return Lamp::valid;
  if (take(text, "MISS")) return Lamp::none;
  if (take(text, "OFF-TARGET")) return Lamp::off_target;
  return std::nullopt;
}

Line lamps(std::string_view text) {
  const auto right = take_lamp(text);
  if (!right || !take(text, ", Fencer 2: ")) return Unknown{};
  const auto left = take_lamp(text);
  if (!left || !text.empty()) return Unknown{};
  return Lamps{{*left, *right}};
}

// The two lines that a person's button writes. Any other line with a winner is a machine's, or nobody knows
// whose.
Line verdict(std::string_view text) {
  if (take(text, "[")) {
    const auto end = text.find("] ");
    if (end == std::string_view::npos) return Unknown{};
    text.remove_prefix(end + 2);
  }
  if (!take(text, "Manual selection winner: ") && !take(text, "Confirmed result winner: ")) return Unknown{};
  if (text == "Left Fencer (Red Lamp)" || text == "Left Fencer") return Human{types::HumanVerdict::left};
  if (text == "Right Fencer (Green Lamp)" || text == "Right Fencer") return Human{types::HumanVerdict::right};
  if (text == "Abstain") return Human{types::HumanVerdict::abstain};
  return Unknown{};
}

bool is_frame(std::string_view text) {
  constexpr std::array<std::string_view, 6> beginnings{
      "Audio cue executed at ", "Audio cue duration: ", "Start command issued at ",
      "Recording started at ",  "Lockout active (",     "Phrase ended"};
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](auto begin) { return text.starts_with(begin); });
}

bool is_header(std::string_view text) {
  return take(text, "Phrase ") && text.find(" initialized at ") != std::string_view::npos;
}

}  // namespace

Line parse(std::string_view text) {
  if (!is_text(text)) return NotText{tells_of_hit(text)};
  text = base::trimmed(text);
  // What a person or a machine made of the phrase must not reach what decides: these lines give nothing else.
  if (text.starts_with("[") || contains_winner(text)) return verdict(text);
  if (is_header(text)) return Header{};
  if (take(text, "Scores -> Fencer 1: ")) return lamps(text);
  if (is_frame(text)) return Frame{};
  const Line found = timed(text);
  const bool meant = std::holds_alternative<Unknown>(found) && tells_of_event(text);
  return meant ? Line(Unreadable{tells_of_hit(text)}) : found;
}

}  // namespace piste::scoring::line
