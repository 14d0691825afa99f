// From what was seen to both fencers' tracks: mended, smoothed, gaps filled.
#pragma once

#include "tracking/history.h"
#include "types/track.h"

namespace piste::tracking {

types::Tracks assembled(const History& history, double fps);

}  // namespace piste::tracking
