// One message of a box, understood. What it does not tell is nothing, and stays as it was.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>

#include "boxes/event.h"

namespace piste::boxes {

struct LampReading {
  LampState state = LampState::off;
  std::optional<int> ms;         // as Lamp::ms
  std::optional<Moment> moment;  // of this lamp, where the box tells more than that it is lit
  bool another = false;          // it is lit anew: what put it out was not heard
  bool older = false;            // `moment` is the latest time it can be
};

inline LampReading lit(bool valid, bool white) {
  LampReading lamp;
  lamp.state = valid ? LampState::valid : white ? LampState::off_target : LampState::off;
  return lamp;
}

constexpr std::size_t card_kinds = 6;
using Cards = std::array<std::optional<int>, card_kinds>;  // by CardKind

struct Reading {
  PerSide<std::optional<LampReading>> lamps;
  bool lamps_just_changed = false;  // the box speaks of lamps only when they change
  Clock clock;
  Score score;
  PerSide<Cards> cards;
  std::optional<Priority> priority;
  std::optional<bool> blade_contact;
  std::optional<bool> lockout;
  std::map<std::string, std::string> match;
};

inline std::optional<int>& card(Cards& cards, CardKind kind) {
  return cards[static_cast<std::size_t>(kind)];
}

}  // namespace piste::boxes
