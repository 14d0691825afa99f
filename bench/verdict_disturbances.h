// What happens to recordings: each returns a copy of the phrase as a worse camera or clock would have given
// it.
#pragma once

#include <cstdint>

#include "verdict_phrases.h"

namespace piste::bench {

// Normal noise on every coordinate; sigma in the tracks' unit.
LabelledPhrase with_noise(const LabelledPhrase& phrase, double sigma, std::uint64_t seed);

// Each frame is lost with this probability, for both fencers; the first and the last stay.
LabelledPhrase with_lost_frames(const LabelledPhrase& phrase, double part, std::uint64_t seed);

// Every second frame.
LabelledPhrase at_half_rate(const LabelledPhrase& phrase);

// The log's clock is late by so much (s).
LabelledPhrase with_shifted_clock(const LabelledPhrase& phrase, double shift);

// The fencers change sides: x is mirrored, and the lamps with it.
LabelledPhrase mirrored(const LabelledPhrase& phrase);

}  // namespace piste::bench
