// A phrase as its author describes it (samples/README.md): what each fencer does and when, and what the box
// saw.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "render/error.h"
#include "types/phrase.h"
#include "types/side.h"
#include "types/verdict.h"

namespace piste::render {

enum class Deed {
  en_garde,     // comes on guard: stance, weapon and trunk
  pause,        // stays as it is
  advance,      // front foot, then rear foot, `steps` times
  retreat,      // rear foot, then front foot
  preparation,  // slow steps forward with the arm bent
  attack,       // a step forward and a lunge, the arm extending throughout
  lunge,
  parry,
  riposte,        // arm and front foot, at once
  counterattack,  // the arm alone, with or without a step (negative distance: while retreating)
  remise,         // the arm once more, after the attack has failed
  deflected,      // its blade is taken aside, or misses
  recover,        // back on guard from a lunge
  relax,          // the phrase is over: up, weapon down
  walk,           // as anybody walks, upright, one foot past the other
};

enum class Line { tierce, quarte, quinte };  // of a parry: outside, inside, above the head

struct Action {
  Deed deed = Deed::pause;
  double from = 0;  // s
  double to = 0;
  double distance = 0;  // m, forward; of a retreat: backward; of a walk: less than 0 is backward
  int steps = 1;
  Line line = Line::tierce;
  bool forward = false;  // of a recovery: the rear foot comes up instead of the front foot going back
};

struct FencerScript {
  double start = 2;  // m from the middle of the piste to the front foot
  double height = 1.8;
  bool right_handed = true;
  std::vector<Action> actions;  // in order of time, without overlap
};

struct Script {
  std::string id;
  std::string title;
  double duration = 0;
  types::PerSide<FencerScript> fencers;
  types::Phrase phrase;
  std::optional<types::Winner> verdict;
  int phrase_number = 1;
  std::string recorded;  // "YYYY-MM-DD HH:MM:SS"
};

// text: foreign. Errors name the place: "fencers.left.actions[2].to: must be ...", or the line where it is
// not JSON.
Result<Script> parse_script(std::string_view text);

}  // namespace piste::render
