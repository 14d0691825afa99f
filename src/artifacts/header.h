// The top of the picture: the box's lamps in the corners, the clock between them. Internal to the module.
#pragma once

#include <cstdint>

#include "artifacts/canvas.h"
#include "types/analysis.h"

namespace piste::artifacts {

// time: seconds on the tracks' clock. A lamp lights from its touch on.
void draw_lamps(Canvas& canvas, const types::Analysis& analysis, double time, double scale);
void draw_clock(Canvas& canvas, const types::Analysis& analysis, double time, std::int64_t frame,
                double scale);

}  // namespace piste::artifacts
