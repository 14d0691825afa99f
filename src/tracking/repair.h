// Mends single keypoints in one fencer's points after the phrase. All windows are in seconds: the same at 15
// and at 120 frames a second. A keypoint of score 0 is not known.
#pragma once

#include "tracking/series.h"

namespace piste::tracking {

// Unsets keypoints that jump away from their neighbours and back, further than a limb can. height: of the
// body, pixels.
void drop_jumps(Points& points, double height);

// A running median over what is known nearby, then, at high frame rates, a mean. Without lag. Reliable points
// are smoothed with reliable ones only.
void smooth(Points& points);

// Straight lines across gaps up to 0.3 s, the nearest value up to 0.3 s beyond either end; longer gaps stay
// unknown.
void fill_gaps(Points& points);

}  // namespace piste::tracking
