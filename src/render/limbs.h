// Skeletons whose left/right pairs were sorted by x -> limbs that stay themselves from frame to frame.
#pragma once

#include <vector>

#include "render/scene.h"

namespace piste::render {

// In: even index = further forward. Out: even index = the same limb throughout, the front one where the pair
// does not say otherwise. For each arm and leg the sequence of swaps that costs least: distance moved, and
// limbs that change their length.
void follow_limbs(std::vector<Skeleton>& skeletons);

}  // namespace piste::render
