// When a person should look, and why, in a referee's words.
#pragma once

#include <string>
#include <vector>

#include "types/phrase.h"
#include "types/said.h"
#include "types/track.h"
#include "types/verdict.h"

namespace piste::referee {

// What is wrong with the recording, seen from the moment of the touch (on the tracks' clock); empty: nothing.
// A video that is cut, a log that does not fit the video.
types::Said recording_doubt(const types::Tracks& tracks, const types::Phrase& phrase, double touch,
                            double log_offset);

// That the video ends too long before the hit; empty: it does not.
types::Said cut_short(const types::Tracks& tracks, double touch);

// Why a call between left and right is close.
types::Said why_close(types::Side winner, const std::vector<types::Finding>& findings);

}  // namespace piste::referee
