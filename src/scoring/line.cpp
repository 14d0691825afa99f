#include "scoring/line.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "base/text.h"

namespace piste::scoring::line {
namespace {

using types::Side;

// No phrase lasts an hour; a box that says so has a broken clock.
constexpr double latest = 3600;
constexpr double longest_lockout = 5;

bool is_space(char c) {
  return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

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

// "1.234s" at the start of text. Nothing when no number with its unit is there; it may be any double.
std::optional<double> take_seconds(std::string_view& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc::result_out_of_range) value = std::nan("");
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return take(text, "s") ? std::optional(value) : std::nullopt;
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
  if (take(text, "Lockout period started")) return LockoutStarted{time, window(trimmed(text))};
  if (text == "Phrase recording started") return RecordingStarted{time};
  if (text == "Phrase recording ended") return RecordingEnded{time};
  return Unknown{};
}

// " 1.221s | frame 000036 | text": newer boxes put the frame number between.
Line timed(std::string_view text) {
  const auto time = take_seconds(text);
  text = trimmed(text);
  if (!time || !take(text, "|")) return Unknown{};
  text = trimmed(text);
  if (text.starts_with("frame ")) {
    const auto bar = text.find('|');
    if (bar == std::string_view::npos) return Unknown{};
    text = trimmed(text.substr(bar + 1));
  }
  const Line found = event(*time, text);
  const bool sane = *time >= 0 && *time <= latest;  // false for NaN too
  return sane || std::holds_alternative<Unknown>(found) ? found : Line(BadTime{});
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
  if (!is_text(text)) return NotText{};
  text = trimmed(text);
  // What a person or a machine made of the phrase must not reach what decides: these lines give nothing else.
  if (text.starts_with("[") || contains_winner(text)) return verdict(text);
  if (is_header(text)) return Header{};
  if (take(text, "Scores -> Fencer 1: ")) return lamps(text);
  if (is_frame(text)) return Frame{};
  return timed(text);
}

}  // namespace piste::scoring::line
