// The card beside what is shown again: who has the touch, how sure that is, and why. Internal to the module.
#pragma once

#include "artifacts/canvas.h"
#include "types/analysis.h"

namespace piste::artifacts {

// Fills the canvas.
void draw_verdict_card(Canvas& canvas, const types::Analysis& analysis, double scale);

}  // namespace piste::artifacts
