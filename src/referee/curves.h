// What of the motion people can follow: the same measurements that the verdict is made of.
#pragma once

#include "types/curves.h"
#include "types/track.h"

namespace piste::referee {

// touch_time: as in measure(). Empty where nothing could be measured.
types::Curves curves_of(const types::Tracks& tracks, double touch_time);

}  // namespace piste::referee
