// Simple rules that a verdict must beat. Positive: left.
#pragma once

#include "verdict_phrases.h"

namespace piste::bench {

// Who last stopped (hips slower than .3 units/s) before the touch loses; 0: both at the same time, within .1
// s.
double lean_by_last_pause(const LabelledPhrase& phrase);

// The same, and where that is a tie whose head came further forward over the last .8 s (without heads: hips).
double lean_by_pause_and_advance(const LabelledPhrase& phrase);

}  // namespace piste::bench
