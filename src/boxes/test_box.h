// A decoder fed from a test: bytes by the layouts of the protocols' documents, events out.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "boxes/decoder.h"
#include "boxes/event_json.h"

namespace piste::boxes::test {

using Bytes = std::vector<std::uint8_t>;

// "ff 00 1a": spaces as one likes.
inline Bytes bytes(std::string_view hex) {
  Bytes out;
  std::string digits;
  for (const char c : hex) {
    if (c == ' ') continue;
    digits += c;
    if (digits.size() < 2) continue;
    out.push_back(static_cast<std::uint8_t>(std::stoi(digits, nullptr, 16)));
    digits.clear();
  }
  return out;
}

inline Bytes text(std::string_view text) {
  return {text.begin(), text.end()};
}

inline Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline Bytes operator*(const Bytes& bytes, int times) {
  Bytes out;
  for (int i = 0; i < times; ++i) out.insert(out.end(), bytes.begin(), bytes.end());
  return out;
}

inline Events decode(Protocol protocol, const Bytes& bytes, const Settings& settings = {}) {
  const auto decoder = make_decoder(protocol, settings);
  Events events;
  decoder->take(bytes, std::nullopt, events);
  decoder->finish(events);
  return events;
}

// The line without its times: {"event":"lamp","side":"left",...}
inline std::string line(const Event& event) {
  std::string text = json_line(event);
  const auto from = text.find(",\"at_ms\"");
  const auto to = text.find_first_of(",}", text.find("\"error_ms\"") + 10);
  return text.erase(from, to - from);
}

// The events of one kind, without their times.
inline std::vector<std::string> lines(const Events& events, std::string_view kind) {
  std::vector<std::string> out;
  for (const Event& event : events) {
    const std::string text = line(event);
    if (text.starts_with("{\"event\":\"" + std::string(kind) + "\"")) out.push_back(text);
  }
  return out;
}

inline std::vector<double> times(const Events& events, std::string_view kind) {
  std::vector<double> out;
  for (const Event& event : events) {
    if (line(event).starts_with("{\"event\":\"" + std::string(kind) + "\"")) out.push_back(event.moment.at);
  }
  return out;
}

// When lamps of hits came on.
inline std::vector<Event> hits(const Events& events) {
  std::vector<Event> out;
  for (const Event& event : events) {
    const auto* lamp = std::get_if<Lamp>(&event.what);
    if (lamp && is_hit(lamp->state)) out.push_back(event);
  }
  return out;
}

// Each byte with this chance damaged, dropped, or with another in front of it.
inline Bytes damaged(const Bytes& bytes, double chance, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> dice(0, 1);
  std::uniform_int_distribution<int> any(0, 255);
  const auto foreign = [&] { return static_cast<std::uint8_t>(any(random)); };
  Bytes out;
  for (const std::uint8_t byte : bytes) {
    if (dice(random) < chance) out.push_back(foreign());
    if (dice(random) < chance) continue;
    out.push_back(dice(random) < chance ? foreign() : byte);
  }
  return out;
}

// Every hit of `heard` is one of `sent`: same side and state, at most `apart` seconds away.
inline std::size_t false_hits(const Events& heard, const Events& sent, double apart) {
  const auto true_hits = hits(sent);
  const auto all = hits(heard);
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const Event& event) {
    const Lamp& lamp = std::get<Lamp>(event.what);
    return std::none_of(true_hits.begin(), true_hits.end(), [&](const Event& other) {
      const Lamp& real = std::get<Lamp>(other.what);
      return real.side == lamp.side && real.state == lamp.state &&
             std::abs(other.moment.at - event.moment.at) <= apart;
    });
  }));
}

}  // namespace piste::boxes::test
