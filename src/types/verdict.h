// The decision and what led to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "types/quality.h"
#include "types/said.h"
#include "types/side.h"

namespace piste::types {

// none: no valid hit, or simultaneous actions. both: epee, where each fencer scores.
enum class Winner { left, right, none, both };

constexpr std::string_view to_string(Winner winner) {
  switch (winner) {
    case Winner::left:
      return "left";
    case Winner::right:
      return "right";
    case Winner::both:
      return "both";
    default:
      return "none";
  }
}

constexpr Winner winner_of(Side side) {
  return side == Side::left ? Winner::left : Winner::right;
}

// What the networks saw, found by leaving it out: these joints of one fencer, had they stood still for that
// time.
struct Attribution {
  Side fencer = Side::left;
  std::vector<std::string>
      joints;       // "front_wrist", ...: of each pair the one nearer to the opponent is front
  double from = 0;  // seconds since the phrase's first frame
  double to = 0;
  double log_odds = 0;  // by how much those of left would change
};

// One piece of evidence. Weights are in units of the decision's log-odds; their sum decides.
struct Finding {
  std::string kind;        // short name, e.g. "last_pause", "advance"
  double time = 0;         // seconds since the phrase's first frame
  std::int64_t frame = 0;  // number of the nearest frame
  double value = 0;        // what was measured, in `unit`
  std::string unit;        // "s", "unit/s", ... ; empty: a plain number
  std::string rule;        // the article that makes it count, e.g. "FIE t.101"; empty: learned
  double weight = 0;       // >= 0
  std::optional<Side> favours;
  Said text;          // for people, in a referee's words
  bool named = true;  // false: learned evidence for which a referee has no words; text says of what kind
  std::optional<Attribution> saw = {};  // of the kind "course"
};

// A stretch of time in which a fencer does one thing; frame numbers are inclusive.
struct Action {
  std::string kind;  // "advance", "retreat", "pause", "attack", "lunge", "parry", ...
  Side side = Side::left;
  double start = 0;  // seconds since the phrase's first frame
  double end = 0;
  std::int64_t first_frame = 0;
  std::int64_t last_frame = 0;
  double confidence = 1;
};

// Who came forward into the hit first, without stopping on the way.
struct Began {
  Side side = Side::left;
  double time = 0;  // seconds since the phrase's first frame
  std::int64_t frame = 0;
  std::optional<double> by;  // s: how much later the other one began; none: he did not come forward
};

// What the reason says in short, for who says it in another language (docs/protocol.md, reason_code).
struct ReasonCode {
  std::string code;
  std::optional<Side> side;  // whom it is about; none: both, or neither
};

struct Verdict {
  Winner winner = Winner::none;
  double confidence = 0;  // probability that winner is right, 0..1
  bool review = false;    // true: a person should look
  Said review_reason;     // why, when review
  Said reason;            // one sentence
  ReasonCode reason_code;
  std::vector<Finding> trace;   // in order of time
  std::vector<Action> actions;  // of both fencers, in order of start; pauses among them
  std::optional<Began> began;   // none: neither, or both at once
  Quality quality;
};

}  // namespace piste::types
