// The events of types/box_event.h: this module's own words.
#pragma once

#include "types/box_event.h"

namespace piste::boxes {

using namespace types::box;
using types::PerSide;
using types::Side;

}  // namespace piste::boxes
