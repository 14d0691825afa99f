// The card at the end: who has the touch, how sure that is, and why. Internal to the module.
#pragma once

#include "artifacts/canvas.h"
#include "types/analysis.h"

namespace piste::artifacts {

// opacity: 0..1, for fading in. The picture behind is dimmed.
void draw_verdict_card(Canvas& canvas, const types::Analysis& analysis, double scale, double opacity);

}  // namespace piste::artifacts
