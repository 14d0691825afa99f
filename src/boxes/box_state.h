// What a simulated box shows.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

#include "boxes/event.h"
#include "boxes/reading.h"

namespace piste::boxes {

struct ShownLamp {
  LampState state = LampState::off;
  double since = 0;
  int ms = 0;
  bool operator==(const ShownLamp&) const = default;
};

struct BoxState {
  PerSide<ShownLamp> lamps;
  bool running = false;
  double seconds = 180;  // at clock_at
  double clock_at = 0;
  PerSide<int> points;
  PerSide<std::array<int, card_kinds>> cards{};
  PerSide<double> red_card_at{-60, -60};  // the last one: some boxes show it for some seconds
  Priority priority = Priority::none;
  bool blade_contact = false;
  bool lockout = false;
  std::map<std::string, std::string> match{{"piste", "1"}, {"period", "1"}, {"weapon", "sabre"}};

  void apply(const Event& event);

  // What the clock shows.
  double clock(double now) const { return running ? std::max(0.0, seconds - (now - clock_at)) : seconds; }
  int whole_seconds(double now) const { return static_cast<int>(std::ceil(clock(now) - 1e-9)); }
  int count(Side side, CardKind kind) const { return cards[side][static_cast<std::size_t>(kind)]; }
  bool valid(Side side) const { return lamps[side].state == LampState::valid; }
  bool white(Side side) const { return lamps[side].state == LampState::off_target; }
  std::string field(const std::string& name) const {
    const auto found = match.find(name);
    return found == match.end() ? std::string() : found->second;
  }
};

}  // namespace piste::boxes
