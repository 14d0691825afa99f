// Events of a bout -> its phrases: which hits belong together, and between which moments each phrase lies.
// Pure; times are those of the events.
//
// A phrase begins where the clock starts. Where no clock says so, it begins with the fencers' guard
// (bout/guard.h) within some seconds before the hit. It ends a while after the last hit that counts.
//
// Lamps that come on while the clock stands are a phrase only where the clock is not used in this bout (in
// sabre it hardly ever is): else somebody tests a weapon.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "types/box_event.h"
#include "types/phrase.h"

namespace piste::bout {

struct Rules {
  std::optional<types::Weapon> weapon;  // nullopt: as the box says, or else `otherwise`
  types::Weapon otherwise = types::Weapon::sabre;
};

constexpr double before_clock = .5;      // s before the clock's start: who starts it reacts, too
constexpr double after_last_hit = .8;    // s that a phrase goes on
constexpr double guard_before_hit = 12;  // s before the hit in which the fencers came on guard
constexpr double longest_phrase = 60;    // s

struct Cut {
  types::Phrase phrase;  // touches, blade contacts, lockout; `start` where the clock tells it, `end`
  types::Weapon weapon = types::Weapon::sabre;
  // The phrase lies in between. It begins at earliest where phrase.start is known; else the guard is to be
  // looked for from there on.
  double earliest = 0;
  double end = 0;
};

struct LeftOut {  // a hit that is no phrase's
  double at = 0;
  std::string why;
};

class Cutter {
 public:
  explicit Cutter(const Rules& rules) : rules_(rules), weapon_(rules.weapon.value_or(rules.otherwise)) {}

  // In the order in which they were understood: a hit may be told some tenths of a second late.
  void take(const types::box::Event& event);
  // The next phrase that is over at this time.
  std::optional<Cut> next(double now);
  // The next hit that no phrase was made of.
  std::optional<LeftOut> next_left_out();

 private:
  struct ClockRun {  // what the clock says
    std::optional<bool> running;
    std::optional<double> started;  // at the earliest, the last time
    std::optional<double> stopped;  // at the latest, since it started
    int with = 0;                   // phrases that were fenced while it ran
    int without = 0;                // while it stood
    int tests = 0;                  // hits in a row that were left out
  };

  void take_lamp(const types::box::Lamp& lamp, const types::box::Moment& moment);
  void take_clock(const types::box::Clock& clock, const types::box::Moment& moment);
  bool is_hit(const types::box::Lamp& lamp) const;
  bool clock_ran(double at) const;
  void begin(double at);
  void close(double now);
  void finish();

  const Rules rules_;
  types::Weapon weapon_;
  ClockRun clock_;
  std::optional<double> lockout_;  // when it began, while it lasts
  std::deque<double> contacts_;    // of the last minute
  std::optional<Cut> open_;        // with its touches so far
  double free_from_ = 0;           // the phrase before has ended
  std::deque<Cut> over_;
  std::deque<LeftOut> left_out_;
};

}  // namespace piste::bout
