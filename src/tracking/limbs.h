// Mends left and right limbs in one fencer's points after the phrase. Seen from the side, pose models now and
// then mistake one foot for the other, or find both in one place. A keypoint of score 0 is not known.
#pragma once

#include "tracking/series.h"

namespace piste::tracking {

// Unsets a pair of limbs where both were found in the place of one of them. A true crossing, where both come
// from elsewhere, is left alone. height: of the body, in pixels.
void drop_collapsed(Points& points, double height);

// Exchanges left and right elbows, wrists, hips, knees and ankles so that each moves the shortest way through
// the phrase. Frames a gap apart, or before and after a clash, are told apart afresh.
void untangle(Points& points, double height);

}  // namespace piste::tracking
