// When both fencers last stood on guard: where a phrase begins that no clock tells of. Pure.
#pragma once

#include "types/track.h"

namespace piste::bout {

struct Guard {
  enum class Found {
    yes,
    no,      // they were seen, and did not stand on guard
    unseen,  // nobody can tell
  };
  Found found = Found::unseen;
  double until = 0;  // s on the tracks' clock: from then on they moved
};

// On guard: upright, feet apart, weapon forward, both still for half a second, at a distance at which phrases
// begin. None: both stood with lowered weapons just before the hit, however they had stood before that.
// Looked for between these moments, the second is the hit's. tracks: pixels, y down.
Guard last_guard(const types::Tracks& tracks, double from, double before);

}  // namespace piste::bout
