// What is known of hits, clock and score while it happens: a scoring box says it, whatever its protocol, or
// its lamps in the picture do, or a person who taps. Sides are those of the picture: left is red, right is
// green. Times are seconds: on the reader's steady clock, or from the start of a recording.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "types/side.h"

namespace piste::types::box {

enum class LampState {
  off,
  valid,
  off_target,  // foil's white lamp; also a broken circuit
  late,        // a hit after the lockout
  too_short,   // a contact that was too short, or a whip-over
};

enum class Priority { none, left, right };

enum class CardKind { yellow, red, black, p_yellow, p_red, p_black };

struct Lamp {
  Side side = Side::left;
  LampState state = LampState::off;
  std::optional<int> ms{};     // late: after the lockout's start; too short: of the contact
  bool order_unknown = false;  // both lamps came in one message: nobody can say which was first
  bool onset_unknown = false;  // it was lit before the box was heard: `at` is the latest time it can be
};

struct Clock {
  std::optional<bool> running;  // nullopt: not told
  std::optional<double> seconds;
};

struct Score {
  PerSide<std::optional<int>> points;
};

struct Card {
  Side side = Side::left;
  CardKind kind = CardKind::yellow;
  int count = 0;  // how many the fencer has now
};

struct PriorityGiven {
  Priority to = Priority::none;
};

struct BladeContact {
  bool on = false;
};

struct Lockout {
  bool on = false;
};

// Names, numbers and states of the bout by field: only those that changed. docs/boxes.md lists the fields.
struct Match {
  std::map<std::string, std::string> fields;
};

struct Link {
  bool on = false;
  std::string note;  // why it is down
};

using What = std::variant<Lamp, Clock, Score, Card, PriorityGiven, BladeContact, Lockout, Match, Link>;

struct Moment {
  double at = 0;
  double error = 0;  // it lies between at - error and at + error
};

struct Event {
  What what;
  Moment moment;
};

using Events = std::vector<Event>;

constexpr bool is_hit(LampState state) {
  return state == LampState::valid || state == LampState::off_target;
}

std::string_view to_string(LampState state);
std::string_view to_string(Priority priority);
std::string_view to_string(CardKind kind);

}  // namespace piste::types::box
