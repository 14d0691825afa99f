// What the scoring box says of a phrase. Times are seconds since the box's zero ("Phrase recording started").
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "types/side.h"

namespace piste::types {

enum class Weapon { sabre, foil, epee };

constexpr std::string_view to_string(Weapon weapon) {
  switch (weapon) {
    case Weapon::foil:
      return "foil";
    case Weapon::epee:
      return "epee";
    default:
      return "sabre";
  }
}

// A hit that showed a lamp.
struct Touch {
  Side scorer = Side::left;  // whose lamp came on, as seen in the picture
  double time = 0;
  bool valid = true;  // false: off target (foil's white lamp)
  double error = 0;   // s: it was between time - error and time + error
};

struct Lockout {
  double start = 0;
  double length = 0;
};

struct Phrase {
  std::vector<Touch> touches;  // in order of time, at most one for each fencer
  std::optional<Lockout> lockout;
  std::vector<double> blade_contacts;  // times, in order; contacts within milliseconds of one another are one
  std::optional<double> start;         // of the recording
  std::optional<double> end;
  bool order_unknown = false;  // of two touches: nobody can say which was first
};

// What a person pressed on the box. Reported beside the verdict, never an input to it.
enum class HumanVerdict { left, right, abstain };

}  // namespace piste::types
