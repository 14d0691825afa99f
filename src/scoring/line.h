// One line of the scoring box's log (docs/scoring-log.md) as a value. Strict about what is used, blind to the
// rest.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "types/phrase.h"
#include "types/side.h"

namespace piste::scoring::line {

// A line that only a scoring box writes, with nothing in it that is used.
struct Frame {};

struct RecordingStarted {
  double time = 0;
};

struct RecordingEnded {
  double time = 0;
};

struct BladeContact {
  double time = 0;
};

struct Hit {
  double time = 0;
  std::optional<types::Side> named;  // the scorer, in the box's own words; nullopt: both at once
  bool valid = true;                 // false: off target
};

struct LockoutStarted {
  double time = 0;
  std::optional<double> length;  // nullopt: not readable
};

// Fencer 1 is the right one in the picture, fencer 2 the left one.
enum class Lamp { none, valid, off_target };

struct Lamps {
  types::PerSide<Lamp> lit;
};

struct Human {
  types::HumanVerdict verdict = types::HumanVerdict::abstain;
};

// Begins another phrase: "Phrase N initialized".
struct Header {};

struct Unknown {};

// Looks like an event, but its time, or who hit, cannot be read.
struct Unreadable {
  bool hit = false;
};

// Control characters, or bytes that are not UTF-8.
struct NotText {
  bool hit = false;  // as far as it can be read
};

using Line = std::variant<Unknown, Frame, Header, RecordingStarted, RecordingEnded, BladeContact, Hit,
                          LockoutStarted, Lamps, Human, Unreadable, NotText>;

// text: without its line end.
Line parse(std::string_view text);

}  // namespace piste::scoring::line
