// Keypoints over time: what the mending passes share.
#pragma once

#include <vector>

#include "types/pose.h"
#include "types/track.h"

namespace piste::tracking {

// One fencer, in order of time.
using Points = std::vector<types::TrackPoint>;

inline constexpr double longest_gap = 0.3;  // s, across which a limb's way is still known well enough
inline constexpr double rounding = 1e-3;    // s: timestamps come in milliseconds

inline bool known(const types::Keypoint& keypoint) {
  return keypoint.score > 0;
}

}  // namespace piste::tracking
