// Which way up the fencers are in the picture: a camera that hangs upside down says so nowhere else.
#pragma once

#include "types/track.h"

namespace piste::tracking {

// Where nearly all heads point. unclear: most do not point up, and there is no one way for the others.
enum class Heads { up, down, left, right, unclear };

// up where hardly anybody is seen.
Heads heads_of(const types::Tracks& tracks);

}  // namespace piste::tracking
