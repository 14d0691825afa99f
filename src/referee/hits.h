// Which hits count, by weapon: what the lamps alone decide, and what is left to right of way.
#pragma once

#include <optional>
#include <string>

#include "referee/rules.h"
#include "types/phrase.h"
#include "types/said.h"
#include "types/verdict.h"

namespace piste::referee {

struct Hits {
  bool right_of_way = false;                   // both hit in time: right of way decides, and then `valid`
  types::Winner winner = types::Winner::none;  // when right of way does not
  Rule rule = Rule::no_hit;                    // why, when right of way does not
  types::Said reason;                          // likewise, one sentence
  types::ReasonCode code;                      // likewise
  types::PerSide<bool> valid;                  // whose hit is on the valid target
  std::optional<double> first;                 // time of the first lamp on the box's clock
  std::optional<types::Side> too_late;         // whose hit came after the lockout
};

// A lamp that the box lit stands: boxes differ in their lockout (170 to 300 ms), and logs in their clock. A
// hit is too late only where it lies beyond both the weapon's lockout and the one that the log states, and a
// margin.
Hits judge_hits(const types::Phrase& phrase, types::Weapon weapon);

}  // namespace piste::referee
